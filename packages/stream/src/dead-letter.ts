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

/** What an error means at run time: what is not classified, or belongs to boot, is a bug. */
export function kindOf(error: unknown): ErrorKind {
  if (!isColloquyError(error)) return 'bug';
  return error.kind === 'config' ? 'bug' : error.kind;
}
