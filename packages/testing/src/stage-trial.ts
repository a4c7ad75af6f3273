import {
  createDoc,
  parseMessage,
  silentLogger,
  type Annotations,
  type Doc,
  type MessageInput,
  type Patch,
  type Slot,
  type Stage,
  type StageContext,
} from '@colloquy/core';
import { nastyTexts } from './nasty-texts.js';

export interface StageTrialOptions {
  /** A new stage each time, its ports included. */
  readonly create: () => Stage;
  /** Messages the stage has something to say about. Default: small talk in English, Spanish and Portuguese. */
  readonly samples?: readonly MessageInput[];
  /** Fills what the stage requires. */
  readonly annotations?: Partial<Annotations>;
}

/** A stage and what it answered to every sample and every nasty text, to be judged by `stageChecks`. */
export interface StageTrial {
  readonly stage: Stage;
  readonly create: () => Stage;
  /** Deep-frozen. */
  readonly docs: readonly Doc<Slot>[];
  /** Same order as `docs`; made without `explain`. */
  readonly answers: readonly StageAnswer[];
}

export type StageAnswer = { readonly patch: Patch } | { readonly thrown: unknown };

/** Makes and opens a stage and lets it answer. Throws where `open` does, and where `annotations` lacks a need. */
export async function stageTrial(options: StageTrialOptions): Promise<StageTrial> {
  const { create, samples = defaultSamples, annotations = {} } = options;
  const stage = create();
  const missing = stage.requires.filter((slot) => annotations[slot] === undefined);
  if (missing.length > 0) throw new Error(`${stage.id} requires ${missing.join(', ')}: fill them through the option annotations`);
  const docs = [...samples.map(docOf), ...nastyDocs()].map((doc) => deepFreeze({ ...doc, ann: annotations as Annotations }));
  await stage.open?.();
  const answers: StageAnswer[] = [];
  for (const doc of docs) answers.push(await answerOf(stage, doc));
  return { stage, create, docs, answers };
}

/** One call of `process`. */
export async function answerOf(stage: Stage, doc: Doc<Slot>, settings: StageCallSettings = {}): Promise<StageAnswer> {
  try {
    return { patch: await stage.process(doc, stageContext(settings)) };
  } catch (thrown) {
    return { thrown };
  }
}

export interface StageCallSettings {
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
}

/** The context of one message. Its clock stands still at 2026-03-02T15:04:05Z; `run` runs a stage directly. */
export function stageContext(settings: StageCallSettings = {}): StageContext {
  const views = new Map<object, unknown>();
  const ctx: StageContext = {
    signal: settings.signal ?? new AbortController().signal,
    now: () => Date.parse(sampleAt),
    log: silentLogger,
    explain: settings.explain ?? false,
    view: (key, make) => {
      if (!views.has(key)) views.set(key, make());
      return views.get(key) as ReturnType<typeof make>;
    },
    fault: () => undefined,
    run: async (stage, doc) => stage.process(doc, ctx),
  };
  return ctx;
}

const sampleAt = '2026-03-02T15:04:05.000Z';

const defaultSamples: readonly MessageInput[] = [
  'hi! can you send someone tomorrow at 5pm? my number is +1 415 555 2671, thanks',
  'buenas tardes, cuánto cuesta la visita? el plomero no llegó y estoy muy molesta',
  'oi, tudo bem? adorei o serviço, obrigada! quanto fica pra limpar 2 quartos?',
].map((text, index) => ({ id: `sample-${index}`, conversationId: 'samples', text }));

function nastyDocs(): readonly Doc[] {
  const texts = Object.entries(nastyTexts);
  const inText = texts.map(([name, text]) => bare(name, { text }));
  const inCaptions = texts.filter(([, text]) => text.length < 1_000).map(([name, text]) => bare(`caption: ${name}`, { caption: text }));
  return [...inText, ...inCaptions];
}

/** Not through parseMessage, which refuses a message without text and media. */
function bare(name: string, content: { readonly text?: string; readonly caption?: string }): Doc {
  return createDoc({
    id: name,
    conversationId: 'nasty',
    at: sampleAt,
    author: { id: 'nasty', role: 'customer' },
    channel: 'test',
    direction: 'inbound',
    text: content.text ?? '',
    media: content.caption === undefined ? [] : [{ kind: 'image', caption: content.caption }],
    meta: {},
  });
}

function docOf(sample: MessageInput): Doc {
  return createDoc(parseMessage(sample, { defaultAt: sampleAt }));
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
