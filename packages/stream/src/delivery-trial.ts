import {
  colloquyError,
  createDoc,
  noTelemetry,
  parseMessage,
  silentLogger,
  type ErrorKind,
  type Message,
  type Processed,
  type SourceRecord,
  type StageFailure,
} from '@colloquy/core';
import type { DeliveryParts } from './delivery-parts.js';

/** What a test's pipeline does with a message at its first, second, … try; after the last one it succeeds. */
export type Plan = readonly (ErrorKind | 'ok' | 'throw' | 'throw-transient')[];

/** A record as a producer sends it. The text is `<conversation> <number>`, the id `<conversation>-<number>`. */
export function trialRecord(conversationId: string, number: number, plan: Plan = []): { readonly key: string; readonly value: Uint8Array } {
  const message = { id: `${conversationId}-${number}`, conversationId, at: '2026-03-02T12:00:00Z', text: `${conversationId} ${number}`, meta: { plan } };
  return { key: conversationId, value: encoder.encode(JSON.stringify(message)) };
}

/** Numbered messages of several conversations, in turn. */
export function trialRecords(count: number, conversations: number): readonly { readonly key: string; readonly value: Uint8Array }[] {
  return Array.from({ length: count }, (_, index) => trialRecord(`c${index % conversations}`, Math.floor(index / conversations)));
}

function decodeTrial({ value }: SourceRecord): Message {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoder.decode(value));
  } catch (error) {
    throw colloquyError('MESSAGE_NOT_JSON', { where: '' }, error);
  }
  return parseMessage(parsed, { now: Date.UTC(2026, 2, 2, 12) });
}

export interface TrialProcess {
  readonly process: DeliveryParts['process'];
  /** Ids handed in, call by call. */
  readonly calls: readonly (readonly string[])[];
}

/** A pipeline of one stage that follows each message's plan. */
export function trialProcess(wait: (messages: readonly Message[], signal: AbortSignal) => Promise<void> = async () => undefined): TrialProcess {
  const tries = new Map<string, number>();
  const calls: string[][] = [];
  const process = async (messages: readonly Message[], { signal }: { readonly signal: AbortSignal }): Promise<readonly Processed[]> => {
    calls.push(messages.map(({ id }) => id));
    await wait(messages, signal);
    const steps = messages.map((message) => ((message.meta['plan'] ?? []) as Plan)[tries.get(message.id) ?? 0] ?? 'ok');
    if (steps.length > 1 && steps.some((step) => step.startsWith('throw'))) throw new Error('the batch failed');
    for (const { id } of messages) tries.set(id, (tries.get(id) ?? 0) + 1);
    return messages.map((message, index) => followStep(message, steps[index] as Plan[number]));
  };
  return { process, calls };
}

/** Everything of DeliveryParts but the ports. */
export function trialSettings(): Pick<DeliveryParts, 'decode' | 'process' | 'pipelineIds' | 'codeVersion' | 'log' | 'telemetry' | 'random'> {
  return { decode: decodeTrial, process: trialProcess().process, pipelineIds: () => ['trial@1'], codeVersion: '0.0.0', log: silentLogger, telemetry: noTelemetry, random: () => 0 };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const codes = { input: 'MESSAGE_EMPTY', config: 'STAGE_PEER_MISSING', transient: 'STORE_UNREACHABLE', fault: 'STAGE_DEADLINE', bug: 'STAGE_FAILED' } as const;

function followStep(message: Message, step: Plan[number]): Processed {
  if (step === 'throw') throw new TypeError(message.text);
  if (step === 'throw-transient') throw colloquyError('STORE_UNREACHABLE', { store: 'a worker' });
  const doc = createDoc(message);
  if (step === 'ok') return { doc, failures: [] };
  const cause = new TypeError(message.text);
  const failure: StageFailure = { stage: 'trial@1', kind: step, error: colloquyError(codes[step], { stage: 'trial@1' }, cause) };
  return { doc: { ...doc, faults: [{ stage: 'trial@1', code: failure.error.code, kind: step }] }, failures: [failure] };
}
