import { colloquyError, isColloquyError } from '@colloquy/core';
import type { Failure } from './dead-letter.js';
import type { Engine } from './engine.js';
import type { Item } from './item.js';
import { judge, type Tried } from './judge.js';
import type { Lot } from './key-scheduler.js';
import type { Enriched, Outcomes } from './outcomes.js';

/**
 * Sends tried messages of one conversation to their ends, in order, and gives the key free once those before a passing failure
 * are durable: only then are the failed one and all behind it parked, so that a restart never finds a later message parked and
 * an earlier one lost from sight.
 */
export async function settleLot(lot: Lot<Item>, tried: readonly Tried[], engine: Engine, { save, bury, park }: Outcomes): Promise<void> {
  const { parts, scheduler } = engine;
  const enriched: Enriched[] = [];
  let failedAt = lot.items.length;
  for (const [index, item] of lot.items.entries()) {
    const verdict = judge(item, tried[index] as Tried, parts);
    if (verdict.to === 'store') enriched.push({ item, message: verdict.message });
    else {
      const final = verdict.to === 'park' ? nextTry(item, verdict.failure, engine) : countTry(item, verdict.failure);
      if (final === undefined) {
        failedAt = index;
        break;
      }
      bury(item, final);
    }
  }
  if (enriched.length > 0) await save(enriched);
  if (failedAt < lot.items.length) parkFrom(lot.items.slice(failedAt), engine, park);
  scheduler.release(lot.key);
  engine.changed();
}

/** Sets when the item is due again; where its budget is spent, returns the failure to bury it with. */
function nextTry(item: Item, failure: Failure, { parts, policy }: Engine): Failure | undefined {
  const nowMs = parts.clock.now();
  if (item.attempts === 0) item.parkedAtMs = nowMs;
  countTry(item, failure);
  const elapsedMs = nowMs - item.parkedAtMs;
  if (policy.isSpent(item.attempts, elapsedMs)) {
    const error = colloquyError('DELIVERY_BUDGET_SPENT', { attempts: item.attempts, elapsedMs }, failure.error);
    return { ...failure, kind: error.kind, error };
  }
  item.dueAtMs = nowMs + policy.delayMs(item.attempts);
  return undefined;
}

function countTry(item: Item, failure: Failure): Failure {
  item.attempts++;
  if (failure.stage !== undefined) item.stage = failure.stage;
  if (isColloquyError(failure.error)) item.code = failure.error.code;
  return failure;
}

/** The failed item comes first. Where its partition is going away, only what goes with it is parked; the rest stays queued. */
function parkFrom(items: readonly Item[], engine: Engine, park: Outcomes['park']): void {
  const { ledger, scheduler, parts } = engine;
  const [failed] = items;
  if (failed === undefined) return;
  const { key, assignment } = failed;
  const isWith = (item: Item) => item.assignment.state === assignment.state;
  scheduler.putBack(key, items.filter((item) => item.assignment.state === 'owned'));
  const behind = assignment.state === 'owned' ? scheduler.queuedOf(key).filter((item) => !items.includes(item)) : [];
  const toPark = assignment.state === 'over' ? [] : [...items, ...behind].filter((item) => item === failed || (isWith(item) && item.held !== 'parked' && !item.writing));
  for (const item of items) {
    if (toPark.includes(item)) continue;
    if (item.assignment.state === 'owned') ledger.end(item);
    else ledger.forget(item);
  }
  for (const item of toPark) if (item.attempts === 0) item.parkedAtMs = parts.clock.now();
  park(toPark);
}
