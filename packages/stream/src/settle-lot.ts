import { colloquyError, isColloquyError } from '@colloquy/core';
import type { Failure } from './dead-letter.js';
import type { Engine } from './engine.js';
import type { Item } from './item.js';
import { judge, type Tried } from './judge.js';
import type { Lot } from './key-scheduler.js';
import type { Enriched, Outcomes } from './outcomes.js';

/**
 * Sends tried messages of one conversation to their ends, in order, and gives the key free when these are durable. A dead letter
 * is durable before a later message is stored, and what comes before a passing failure is durable before the failed one and all
 * behind it are parked: a restart never finds a later message settled and an earlier one still to come.
 */
export async function settleLot(lot: Lot<Item>, tried: readonly Tried[], engine: Engine, { save, bury, park }: Outcomes): Promise<void> {
  const { parts, scheduler } = engine;
  let enriched: Enriched[] = [];
  for (const [index, item] of lot.items.entries()) {
    const verdict = judge(item, tried[index] as Tried, parts);
    if (verdict.to === 'store') {
      enriched.push({ item, message: verdict.message });
      continue;
    }
    const final = verdict.to === 'park' ? nextTry(item, verdict.failure, engine) : countTry(item, verdict.failure);
    const before = enriched.length > 0 ? save(enriched) : undefined;
    enriched = [];
    await Promise.all([before, final && bury(item, final)]);
    if (final !== undefined) continue;
    parkFrom(lot.items.slice(index), engine, park);
    break;
  }
  if (enriched.length > 0) await save(enriched);
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
