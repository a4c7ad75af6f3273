import { colloquyError, type Message, type ParkedRecord, type SourceListener, type SourceRecord } from '@colloquy/core';
import { newAssignment } from './assignment.js';
import type { Committer } from './committer.js';
import { kindOf } from './dead-letter.js';
import type { Engine } from './engine.js';
import { loadedItem, newItem, sizeOf, type Assignment } from './item.js';
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
  /** Partitions whose assigned() still waits for their last revoked() to end, with the assignment they will get. */
  const expected = new Map<string, Assignment>();
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
    const unknown = given.find(({ partition }) => !ledger.assignments.has(partition));
    if (unknown !== undefined && !draining.signal.aborted) {
      parts.log.error('records.unassigned', { partition: unknown.partition, offset: unknown.offset });
      return engine.fail(colloquyError('INTERNAL', { where: `source ${parts.source.name}: records of a partition that is not assigned` }));
    }
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
    for (const partition of partitions) expected.delete(partition);
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
      if (ledger.assignments.get(assignment.partition) === assignment) ledger.assignments.delete(assignment.partition);
      for (const item of [...assignment.parked.values()]) ledger.forget(item);
    }
    parts.log.info('partitions.revoked', { partitions: partitions.length });
    engine.changed();
  };

  return { listener: { assigned: (partitions) => assign(engine, partitions, expected), revoked, records }, isHoldingBack: () => waiting > 0 };
}

/** A partition that comes back before its revoked() has ended waits for that; one that goes again meanwhile is left out. */
async function assign(engine: Engine, partitions: readonly string[], expected: Map<string, Assignment>): Promise<void> {
  const { parts, ledger, scheduler } = engine;
  const coming = partitions.filter((partition) => ledger.assignments.get(partition)?.state !== 'owned').map(newAssignment);
  for (const assignment of coming) expected.set(assignment.partition, assignment);
  const isExpected = (assignment: Assignment) => expected.get(assignment.partition) === assignment;
  await ledger.until(() => coming.every((assignment) => !isExpected(assignment) || !ledger.assignments.has(assignment.partition)));
  const gained = coming.filter(isExpected);
  for (const assignment of gained) {
    expected.delete(assignment.partition);
    ledger.assignments.set(assignment.partition, assignment);
  }
  const parked = await loadParked(engine, gained);
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

/** Nothing where it is given up, for the engine drains or the partitions have gone again. */
async function loadParked({ parts, ledger, dependencies, draining }: Engine, gained: readonly Assignment[]): Promise<readonly ParkedRecord[]> {
  const gone = new AbortController();
  let isLoaded = false;
  void ledger.until(() => isLoaded || gained.every(({ state }) => state !== 'owned')).then(() => gone.abort());
  const signal = AbortSignal.any([draining.signal, gone.signal]);
  try {
    return await dependencies.call('parking', () => parts.parking.load(gained.map(({ partition }) => partition)), { signal, retries: 'all' });
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  } finally {
    isLoaded = true;
  }
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
