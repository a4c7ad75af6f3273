import { resolve } from 'node:path';
import { encodeMessage } from '@colloquy/contracts';
import { isColloquyError, systemClock, type Message } from '@colloquy/core';
import { pinoLogger } from '@colloquy/io/logging';
import { createRuntime, type LoadedConfig, type Runtime } from '@colloquy/runtime';
import { coloursOf, write, type CliContext } from '../cli-context.js';
import { readInput, type InputProblem } from '../read-input.js';
import { version } from '../version.js';
import { viewDoc } from '../view-doc.js';
import { demoTally, type DemoTally } from './demo-tally.js';

export interface DemoOptions {
  readonly loaded: LoadedConfig;
  readonly baseDir: string;
  /** NDJSON, relative to the working folder. */
  readonly file: string;
  readonly isOnce: boolean;
  /** Messages a second; 0: as fast as it goes. */
  readonly rate: number;
}

/** Puts the messages of a file through a runner, prints what it understood and a summary; then, unless `isOnce`, leaves HTTP and page open until stopped. */
export async function runDemo(context: CliContext, options: DemoOptions): Promise<void> {
  const runtime = await startRuntime(context, options);
  const colours = coloursOf(context, context.stdout);
  const tally = demoTally();
  let printing = Promise.resolve();
  const unsubscribe = runtime.live.subscribe((messages) => {
    for (const message of messages) tally.add(message);
    printing = printing.then(() => write(context.stdout, messages.map((message) => viewDoc(message, colours)).join('')));
  });
  const failure = runtime.done.then(() => undefined);
  failure.catch(() => undefined); // each race below tells
  try {
    if (runtime.url() !== undefined) await write(context.stdout, `${colours.bold('Page')} ${runtime.url()}\n\n`);
    const startedAt = systemClock.now();
    const fed = await Promise.race([feed(context, runtime, options), failure]);
    await Promise.race([settled(context, runtime, tally, fed ?? []), failure]);
    await printing;
    await write(context.stdout, summary(context, runtime, tally, { options, elapsedMs: systemClock.now() - startedAt }));
    if (!options.isOnce && !context.stop.aborted) {
      await write(context.stdout, `\nThe page is open for messages typed by hand: ${colours.bold(runtime.url() ?? '(HTTP is off)')}  (Ctrl-C ends)\n`);
      await Promise.race([new Promise<void>((done) => context.stop.addEventListener('abort', () => done(), { once: true })), failure]);
    }
  } finally {
    unsubscribe();
    await runtime.drain();
  }
}

/** Takes a free port where the configured one is in use: a demonstration need not fail for that. */
async function startRuntime(context: CliContext, { loaded, baseDir }: DemoOptions): Promise<Runtime> {
  const log = await pinoLogger({ level: 'error', destination: context.stderr });
  const start = async (config: LoadedConfig['config']) => {
    const runtime = await createRuntime({ ...loaded, config }, { baseDir, codeVersion: version, log });
    try {
      await runtime.start();
      return runtime;
    } catch (error) {
      await runtime.drain();
      throw error;
    }
  };
  try {
    return await start(loaded.config);
  } catch (error) {
    if (!isColloquyError(error) || error.code !== 'HTTP_LISTEN_FAILED') throw error;
    return start({ ...loaded.config, http: { ...loaded.config.http, port: 0 } });
  }
}

/** Appends the messages to the inbound log at the wanted pace; returns those that are in. */
async function feed(context: CliContext, runtime: Runtime, { file, rate }: DemoOptions): Promise<readonly Message[]> {
  const fed: Message[] = [];
  let waiting: Message[] = [];
  const append = async () => {
    await runtime.inbound.append(waiting.map((message) => ({ key: message.conversationId, value: encodeMessage(message), headers: { 'content-type': 'application/json' } })));
    fed.push(...waiting);
    waiting = [];
  };
  const startedAt = systemClock.now();
  const onProblem = ({ where, error }: InputProblem) => void context.stderr.write(`${where} ${error.code} ${error.message}\n`);
  for await (const { message } of readInput(context, { file, media: runtime.media, onProblem })) {
    waiting.push(message);
    const dueMs = rate === 0 ? 0 : startedAt + (fed.length * 1000) / rate - systemClock.now();
    if (rate === 0 && waiting.length < appendTogether) continue;
    await systemClock.sleep(Math.max(0, dueMs), context.stop);
    if (context.stop.aborted) return fed;
    await append();
  }
  if (waiting.length > 0 && !context.stop.aborted) await append();
  return fed;
}

/** Messages of one append where no pace is wanted. */
const appendTogether = 100;

/** Resolves when every message is stored, parked or dead. */
async function settled(context: CliContext, runtime: Runtime, tally: DemoTally, fed: readonly Message[]): Promise<void> {
  const isSettled = () => {
    if (fed.every(({ id }) => tally.has(id))) return true;
    const { inFlight, totals } = runtime.status();
    return inFlight === 0 && totals.taken >= fed.length && totals.saved + totals.parked + totals.deadLettered >= fed.length;
  };
  while (!context.stop.aborted && !isSettled()) await systemClock.sleep(20, context.stop);
}

function summary(context: CliContext, runtime: Runtime, tally: DemoTally, { options, elapsedMs }: { options: DemoOptions; elapsedMs: number }): string {
  const colours = coloursOf(context, context.stdout);
  const { totals } = runtime.status();
  const seconds = elapsedMs / 1000;
  const pace = options.rate > 0 ? `, fed at ${options.rate}/s` : '';
  return [
    '',
    colours.bold('Summary'),
    `messages   ${tally.messages} in ${tally.conversations} conversations, in ${seconds.toFixed(1)} s`,
    `rate       ${(tally.messages / Math.max(seconds, 0.001)).toFixed(1)} messages/s${pace}`,
    ...tally.lines(),
    `dead       ${totals.deadLettered}, parked ${totals.parked}`,
    `data       ${resolve(options.baseDir, options.loaded.config.dataDir)}`,
    '',
  ].join('\n');
}
