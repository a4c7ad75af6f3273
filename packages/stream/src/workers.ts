import type { Engine } from './engine.js';
import type { Item } from './item.js';
import type { Lot } from './key-scheduler.js';
import type { Outcomes } from './outcomes.js';
import { settleLot } from './settle-lot.js';
import { tryItems } from './try-items.js';

export interface Workers {
  /** Starts work on whatever is ready, and sets the alarm for what is due later. */
  pump(): void;
}

/** Up to `concurrency` calls of process() at once. What is ready is shared out evenly, so that a slow message holds up few others. */
export function workers(engine: Engine, ends: Outcomes): Workers {
  const { parts, options, ledger, scheduler, lifetime, draining } = engine;
  const breathe = breather();
  let busy = 0;
  let alarm: { readonly atMs: number; readonly off: AbortController } | undefined;

  const work = async (lots: readonly Lot<Item>[]): Promise<void> => {
    await breathe();
    const tried = await tryItems(lots.flatMap(({ items }) => items), parts, lifetime.signal);
    let from = 0;
    for (const lot of lots) {
      settleLot(lot, tried.slice(from, from + lot.items.length), engine, ends).catch((error: unknown) => giveUp(lot, error));
      from += lot.items.length;
    }
  };

  /** Whatever of it and behind it is not settled is read again after the next start. */
  const giveUp = ({ key, items }: Lot<Item>, error: unknown) => {
    const behind = scheduler.remove((item) => item.key === key);
    for (const item of [...items, ...behind]) if (!item.writing) ledger.forget(item);
    scheduler.release(key);
    engine.fail(error);
    engine.changed();
  };

  const pump = () => {
    while (busy < options.concurrency && scheduler.readyKeys() > 0 && !lifetime.signal.aborted) {
      const lots = scheduler.take({ keys: Math.ceil(scheduler.readyKeys() / (options.concurrency - busy)), items: options.maxBatch });
      for (const { items } of lots) for (const item of items) ledger.begin(item);
      busy++;
      work(lots)
        .catch(engine.fail)
        .finally(() => {
          busy--;
          pump();
        });
    }
    setAlarm();
  };

  const setAlarm = () => {
    const atMs = scheduler.nextDueMs();
    if (atMs === undefined || draining.signal.aborted || (alarm !== undefined && alarm.atMs <= atMs)) return;
    alarm?.off.abort();
    const off = new AbortController();
    alarm = { atMs, off };
    void parts.clock.sleep(atMs - parts.clock.now(), AbortSignal.any([off.signal, draining.signal])).then(() => {
      if (off.signal.aborted || draining.signal.aborted) return;
      alarm = undefined;
      scheduler.wake(parts.clock.now());
      pump();
    });
  };

  return { pump };
}

/** Lets timers and sockets have their turn now and then: a pipeline and a store that never wait would starve them. */
function breather(): () => Promise<void> {
  let lastAt = performance.now();
  return async () => {
    if (performance.now() - lastAt < longestStretchMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    lastAt = performance.now();
  };
}

const longestStretchMs = 8;
