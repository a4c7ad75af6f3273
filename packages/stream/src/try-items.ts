import { colloquyError, type Message } from '@colloquy/core';
import type { DeliveryParts } from './delivery-parts.js';
import type { Item } from './item.js';
import type { Tried } from './judge.js';

/**
 * Runs items through process(), one answer an item. Where the call as a whole fails, each message is run alone to find the
 * guilty one. Rejects only when the signal is aborted.
 */
export async function tryItems(items: readonly Item[], parts: DeliveryParts, signal: AbortSignal): Promise<readonly Tried[]> {
  const tried = new Map<Item, Tried>();
  const decoded = items.flatMap((item) => {
    try {
      item.message ??= parts.decode(item.record);
      return [{ item, message: item.message }];
    } catch (thrown) {
      tried.set(item, { thrown });
      return [];
    }
  });
  await tryDecoded(decoded);
  return items.map((item) => tried.get(item) as Tried);

  async function tryDecoded(batch: readonly { readonly item: Item; readonly message: Message }[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const results = await parts.process(batch.map(({ message }) => message), { signal });
      if (results.length !== batch.length) throw colloquyError('INTERNAL', { where: `process(): ${results.length} results for ${batch.length} messages` });
      batch.forEach(({ item }, index) => tried.set(item, { processed: results[index] as (typeof results)[number] }));
    } catch (thrown) {
      signal.throwIfAborted();
      if (batch.length === 1) for (const { item } of batch) tried.set(item, { thrown });
      else for (const one of batch) await tryDecoded([one]);
    }
  }
}
