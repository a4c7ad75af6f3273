import { isColloquyError, type DeadLetter, type ErrorKind } from '@colloquy/core';
import type { DeliveryParts } from './delivery-parts.js';
import { errorCauses, fingerprintOf } from './error-causes.js';
import type { Item } from './item.js';
import { contentHash } from './record-content.js';

/** Why a try failed. `stage` is absent where it failed before the first one. */
export interface Failure {
  readonly stage?: string;
  readonly kind: ErrorKind;
  readonly error: unknown;
}

/** The letter of one item. Its code is the outermost error's. */
export function deadLetterOf(item: Item, { stage, kind, error }: Failure, parts: DeliveryParts): DeadLetter {
  const { record, message } = item;
  const causes = errorCauses(error);
  return {
    id: `${parts.source.name}/${record.partition}/${record.offset}/${contentHash(record).slice(0, 8)}`,
    source: parts.source.name,
    record,
    deadAt: new Date(parts.clock.now()).toISOString(),
    attempts: Math.max(1, item.attempts),
    ...(stage === undefined ? {} : { stage }),
    code: isColloquyError(error) ? error.code : 'INTERNAL',
    kind,
    fingerprint: fingerprintOf(stage, causes),
    causes,
    ...(message === undefined ? {} : { messageId: message.id }),
    ...(message === undefined ? (item.key === '' ? {} : { conversationId: item.key }) : { conversationId: message.conversationId }),
    pipeline: parts.pipelineIds(),
    codeVersion: parts.codeVersion,
  };
}

/**
 * The letter without what made it too large: the value, and a long key or long headers. The header `colloquy-cut` tells size and
 * hash of what was there.
 */
export function cutLetter(letter: DeadLetter): DeadLetter {
  const { key, value, headers } = letter.record;
  const kept = Object.entries(headers).filter(([name, text]) => name.length + text.length <= longestKept);
  const cut = `${value?.length ?? 0} bytes; sha256 of key and value ${contentHash(letter.record)}`;
  const record = {
    ...letter.record,
    key: (key?.length ?? 0) > longestKept ? undefined : key,
    value: undefined,
    headers: { ...Object.fromEntries(kept.slice(0, mostKept)), 'colloquy-cut': cut },
  };
  return { ...letter, record };
}

const longestKept = 1_024;
const mostKept = 32;

/** What an error of the pipeline means at run time: what is not classified, or belongs to boot, is a bug. */
export function kindOf(error: unknown): ErrorKind {
  if (!isColloquyError(error)) return 'bug';
  return error.kind === 'config' ? 'bug' : error.kind;
}
