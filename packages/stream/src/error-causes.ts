import { createHash } from 'node:crypto';
import type { DeadLetter } from '@colloquy/core';

export type ErrorCauses = DeadLetter['causes'];

/** The error and its causes, outermost first, without the texts of their messages, which could quote a person's message. */
export function errorCauses(error: unknown): ErrorCauses {
  const chain: unknown[] = [];
  for (let cause: unknown = error; cause !== undefined && cause !== null && chain.length < maxCauses && !chain.includes(cause); ) {
    chain.push(cause);
    cause = typeof cause === 'object' && 'cause' in cause ? cause.cause : undefined;
  }
  return chain.map((cause) => {
    if (!(cause instanceof Error)) return { name: `thrown ${typeof cause}` };
    const code = 'code' in cause && isCodeLike(cause.code) ? String(cause.code) : undefined;
    const stack = framesOf(cause).join('\n');
    const name = namePattern.test(cause.name) ? cause.name : 'Error';
    return { name, ...(code === undefined ? {} : { code }), ...(stack === '' ? {} : { stack }) };
  });
}

/** Equal for failures of one sort: stage, codes and the place where the innermost error was thrown (function and file, no line: it moves with every release). */
export function fingerprintOf(stage: string | undefined, causes: ErrorCauses): string {
  const place = causes.findLast(({ stack }) => stack !== undefined)?.stack?.split('\n')[0] ?? '';
  const parts = [stage ?? '', ...causes.map(({ name, code }) => code ?? name), placeOf(place)];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

const maxCauses = 8;
const maxFrames = 20;
const namePattern = /^[\w$.]{1,80}$/;
const framePattern = /^\s+at .{1,400}(:\d+:\d+\)?|\(native\)|\(<anonymous>\))$/;

function isCodeLike(code: unknown): boolean {
  return typeof code === 'number' || (typeof code === 'string' && /^[\w.-]{1,80}$/.test(code));
}

/** The frames of a stack. Its head quotes the error's message, line breaks included, so the message is cut out first. */
function framesOf(error: Error): readonly string[] {
  const stack = String(error.stack ?? '');
  const at = error.message === '' ? -1 : stack.indexOf(error.message);
  const frames = at < 0 ? stack : stack.slice(at + error.message.length);
  return frames
    .split('\n')
    .filter((line) => framePattern.test(line))
    .slice(0, maxFrames)
    .map((line) => line.trim());
}

/** `at parse (/srv/app/node_modules/x/dist/parse.js:10:3)` → `parse node_modules/x/dist/parse.js`, wherever the program is installed. */
function placeOf(frame: string): string {
  const [, called = '', file = ''] = /^at (?:(.+?) \()?(.*?)(?::\d+:\d+)?\)?$/.exec(frame) ?? [];
  const path = file.replace(/^file:\/\//, '').split(/[\\/]/);
  const anchor = path.lastIndexOf('node_modules');
  return `${called.replace(/^async /, '')} ${(anchor < 0 ? path.slice(-3) : path.slice(anchor)).join('/')}`;
}
