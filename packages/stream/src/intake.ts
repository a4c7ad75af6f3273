import type { Message, SourceListener, SourceRecord } from '@colloquy/core';
import { newAssignment, type Assignment } from './assignment.js';
import type { Committer } from './committer.js';
import { kindOf } from './dead-letter.js';
import type { Engine } from './engine.js';
import { loadedItem, newItem, sizeOf } from './item.js';
import type { Outcomes } from './outcomes.js';
import { hasSameBytes } from './record-content.js';
import { withinTime } from './within-time.js';

export interface Intake {
  readonly listener: SourceListener;
  /** True while records wait for room. */
  isHoldingBack(): boolean;
}

/** Takes what the source gives, as far as there is room, and gives partitions up in an orderly way. */
export function intake(engine: Engine, ends: Outcomes, commits: Committer): Intake {
  const { parts, options, ledger, scheduler, draining } = engine;
  let waiting = 0;

  const isOpen = (assignment: Assignment | undefined): assignment is Assignment => assignment?.state === 'owned' && !draining.signal.aborted;
  const roomFor = async (assignment: Assignment, bytes: number): Promise<void> => {
    const isFree = () => !isOpen(assignment) || (ledger.hasRoom(bytes) && !engine.dependencies.isAnyAwaited());
    if (isFree()) return;
    engine.changed(); // what was queued so far must start, or room never comes
    waiting++;
    while (!isFree()) await ledger.until(isFree);
    waiting--;
  };

  const records = async (given: readonly SourceRecord[]): Promise<void> => {
    for (const record of given) {
      const assignment = ledger.assignments.get(record.partition);
      if (!isOpen(assignment)) continue;
      await roomFor(assignment, sizeOf(record));
      if (isOpen(assignment)) take(engine, ends, assignment, record);
    }
    engine.changed();
    for (const partition of new Set(given.map((record) => record.partition))) {
      const assignment = ledger.assignments.get(partition);
      if (isOpen(assignment)) await roomFor(assignment, 0);
    }
  };

  const revoked = async (partitions: readonly string[]): Promise<void> => {
    const going = partitions.flatMap((partition) => ledger.assignments.get(partition) ?? []);
    const isGoing = ({ assignment }: { readonly assignment: Assignment }) => going.includes(assignment);
    for (const assignment of going) {
      assignment.state = 'revoking';
    }
    // None of them may start any more; those just being parked are waited for like other work in flight.
    for (const item of scheduler.remove(isGoing)) if (!item.writing) ledger.forget(item);
    engine.changed();
    await withinTime(parts.clock, options.revokeMs, ledger.until(() => going.every(({ active }) => active === 0)));
    await commits.commitWithin(options.revokeMs, going);
    for (const assignment of going) {
      assignment.state = 'over';
      ledger.assignments.delete(assignment.partition);
      for (const item of [...assignment.parked.values()]) ledger.forget(item);
    }
    parts.log.info('partitions.revoked', { partitions: partitions.length });
    engine.changed();
  };

  return { listener: { assigned: (partitions) => assign(engine, partitions), revoked, records }, isHoldingBack: () => waiting > 0 };
}

async function assign(engine: Engine, partitions: readonly string[]): Promise<void> {
  const { parts, ledger, scheduler, dependencies, draining } = engine;
  const gained = partitions.filter((partition) => !ledger.assignments.has(partition)).map(newAssignment);
  for (const assignment of gained) ledger.assignments.set(assignment.partition, assignment);
  const load = () => parts.parking.load(gained.map(({ partition }) => partition));
  const parked = await dependencies.call('parking', load, { signal: draining.signal, retries: 'all' }).catch((error: unknown) => {
    if (draining.signal.aborted) return [];
    throw error;
  });
  for (const record of parked) {
    const assignment = gained.find(({ partition }) => partition === record.record.partition);
    if (assignment?.state !== 'owned') continue;
    const item = loadedItem(assignment, record, parts.clock.now());
    ledger.admitParked(item);
    scheduler.push(item);
  }
  parts.log.info('partitions.assigned', { partitions: gained.length, parked: parked.length });
  engine.changed();
}

/** One record in: queued, parked behind another of its conversation, or dead-lettered where it holds no message. */
function take(engine: Engine, ends: Outcomes, assignment: Assignment, record: SourceRecord): void {
  const { parts, ledger, scheduler } = engine;
  const { tracker, parked } = assignment;
  const { offset } = record;
  assignment.committed ??= offset;
  if (!tracker.take(offset)) return;
  const there = parked.get(offset);
  if (there !== undefined && hasSameBytes(there.record, record)) return tracker.finish(offset);
  const nowMs = parts.clock.now();
  let message: Message;
  try {
    message = parts.decode(record);
  } catch (error) {
    const item = newItem(assignment, record, nowMs, undefined);
    ledger.admit(item);
    void ends.bury(item, { kind: kindOf(error), error });
    return;
  }
  const item = newItem(assignment, record, nowMs, message);
  ledger.admit(item);
  if (scheduler.push(item) === 'queued') return;
  item.parkedAtMs = nowMs;
  ends.park([item]);
}
