import { colloquyError, isColloquyError } from '@colloquy/core';
import { committer } from './committer.js';
import { resolveOptions, type DeliverySettings } from './delivery-options.js';
import type { Delivery, DeliveryParts, DeliveryStatus } from './delivery-parts.js';
import { dependencies } from './dependencies.js';
import type { Engine } from './engine.js';
import { intake } from './intake.js';
import type { Item } from './item.js';
import { keyScheduler } from './key-scheduler.js';
import { ledger as newLedger } from './ledger.js';
import { outcomes } from './outcomes.js';
import { retryPolicy } from './retry-policy.js';
import { withinTime } from './within-time.js';
import { workers } from './workers.js';

/**
 * Carries messages from the source through process() into the store: in order per conversation, at least once in, effectively
 * once in the store, with a bounded memory. Semantics: docs/guides/delivery.md. Throws CONFIG_INVALID.
 */
export function createDelivery(parts: DeliveryParts, settings: DeliverySettings = {}): Delivery {
  const options = resolveOptions(settings);
  const { clock, source } = parts;
  const ledger = newLedger(options, clock, parts.telemetry);
  let failure: { readonly error: unknown } | undefined;
  let state: DeliveryStatus['state'] = 'new';
  let drained: Promise<void> | undefined;

  const engine: Engine = {
    parts,
    options,
    ledger,
    scheduler: keyScheduler<Item>(),
    dependencies: dependencies({ ...parts, onChange: () => engine.changed() }),
    policy: retryPolicy(options.retry, parts.random),
    draining: new AbortController(),
    lifetime: new AbortController(),
    changed: () => {
      work.pump();
      ledger.notify();
      commits.changed();
    },
    fail: (error) => {
      // The end of work that was given up, or more of the same.
      if (engine.lifetime.signal.aborted || failure !== undefined) return;
      parts.log.error('delivery.failed', { name: error instanceof Error ? error.name : typeof error, ...(isColloquyError(error) ? { code: error.code } : {}) });
      failure = { error };
      void drain();
    },
  };
  const ends = outcomes(engine);
  const work = workers(engine, ends);
  const commits = committer(engine);
  const entrance = intake(engine, ends, commits);

  const stop = async () => {
    engine.lifetime.abort();
    await commits.commitWithin(finalCommitMs, [...ledger.assignments.values()]);
    state = 'stopped';
  };
  const drain = (): Promise<void> => {
    drained ??= (async () => {
      if (state === 'stopped') return;
      state = 'draining';
      engine.draining.abort();
      // Parked messages stay parked, and so what is queued behind them cannot be finished now.
      for (const item of engine.scheduler.cutFrom(({ held }) => held === 'parked')) if (!item.writing) ledger.forget(item);
      engine.changed();
      const stopping = source.stop().catch((error: unknown) => engine.dependencies.report('source', error));
      const finish = stopping.then(() => ledger.until(() => ledger.counts.inFlight === 0 && ledger.counts.active === 0));
      if (!(await withinTime(clock, options.drainMs, finish))) {
        const { inFlight } = ledger.counts;
        parts.log.warn('delivery.drain_incomplete', { inFlight });
        failure ??= { error: colloquyError('DELIVERY_DRAIN_INCOMPLETE', { inFlight }) };
      }
      await stop();
    })();
    return drained;
  };
  const isSettled = () => ledger.counts.inFlight === 0 && ledger.counts.active === 0 && ledger.counts.parked === 0;

  return {
    run: async () => {
      if (state === 'new') {
        state = 'running';
        try {
          await source.run(entrance.listener);
          await ledger.until(() => engine.draining.signal.aborted || isSettled());
          if (!engine.draining.signal.aborted) await stop();
        } catch (error) {
          engine.fail(error);
          failure ??= { error };
          void drain();
        }
      }
      await drained;
      if (failure !== undefined) throw failure.error;
    },
    drain,
    status: () => statusOf(engine, state, entrance.isHoldingBack()),
  };
}

const finalCommitMs = 2_000;

function statusOf({ ledger, dependencies: connected }: Engine, state: DeliveryStatus['state'], isHeldBack: boolean): DeliveryStatus {
  const { inFlight, inFlightBytes, parked, taken, saved, everParked, deadLettered, lastSettledAtMs } = ledger.counts;
  return {
    state,
    inFlight,
    inFlightBytes,
    parked,
    totals: { taken, saved, parked: everParked, deadLettered },
    isHeldBack,
    ...(lastSettledAtMs === undefined ? {} : { lastSettledAt: new Date(lastSettledAtMs).toISOString() }),
    dependencies: connected.status(),
    partitions: [...ledger.assignments.values()].map(({ partition, tracker, committed, parked: waiting }) => {
      const position = tracker.position();
      return {
        partition,
        ...(position === undefined ? {} : { position }),
        ...(committed === undefined ? {} : { committed }),
        underWay: tracker.underWay(),
        parked: waiting.size,
      };
    }),
  };
}
