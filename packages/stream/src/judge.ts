import type { Doc, Processed, StoredMessage } from '@colloquy/core';
import { kindOf, type Failure } from './dead-letter.js';
import type { DeliveryParts } from './delivery-parts.js';
import type { Item } from './item.js';

/** What one try at a message came to. */
export type Tried = { readonly processed: Processed } | { readonly thrown: unknown };

export type Verdict =
  | { readonly to: 'store'; readonly message: StoredMessage }
  | { readonly to: 'park' | 'dead-letters'; readonly failure: Failure };

/** The kind of the failures decides, nothing else: a passing one parks, a fault is stored with the message, the rest are dead letters. */
export function judge(item: Item, tried: Tried, parts: DeliveryParts): Verdict {
  if ('thrown' in tried) {
    const failure = { kind: kindOf(tried.thrown), error: tried.thrown };
    return { to: failure.kind === 'transient' ? 'park' : 'dead-letters', failure };
  }
  const { doc, failures } = tried.processed;
  const passing = failures.find(({ kind }) => kind === 'transient');
  if (passing !== undefined) return { to: 'park', failure: passing };
  const fatal = failures.find(({ kind }) => kind !== 'fault');
  if (fatal !== undefined) return { to: 'dead-letters', failure: { ...fatal, kind: fatal.kind === 'config' ? 'bug' : fatal.kind } };
  return { to: 'store', message: storedOf(item, doc, parts) };
}

/** Field by field: several times faster than spreading, on the path of every message. */
function storedOf(item: Item, doc: Doc, parts: DeliveryParts): StoredMessage {
  const { partition, offset } = item.record;
  return {
    id: doc.id,
    conversationId: doc.conversationId,
    at: doc.at,
    author: doc.author,
    channel: doc.channel,
    direction: doc.direction,
    text: doc.text,
    media: doc.media,
    ann: doc.ann,
    faults: doc.faults,
    meta: doc.meta,
    pipeline: parts.pipelineIds(),
    position: { source: parts.source.name, partition, offset },
    enrichedAt: new Date(parts.clock.now()).toISOString(),
  };
}
