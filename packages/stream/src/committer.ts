import type { Engine } from './engine.js';
import type { Assignment } from './item.js';
import { withinTime } from './within-time.js';

export interface Committer {
  /** Commits soon, if there is anything to commit. */
  changed(): void;
  /** Commits now, trying again until it worked or the time is over. */
  commitWithin(ms: number, assignments: readonly Assignment[]): Promise<void>;
}

/** Commits each partition's contiguous settled prefix. A failed commit does no harm: it is made up for later, or the records come again. */
export function committer(engine: Engine): Committer {
  const { parts, options, ledger, dependencies, lifetime } = engine;
  let isArmed = false;
  let last: Promise<unknown> = Promise.resolve();

  const pendingOf = (assignments: Iterable<Assignment>) =>
    [...assignments].flatMap((assignment) => {
      const position = assignment.tracker.position();
      return assignment.state === 'over' || position === undefined || position === assignment.committed ? [] : [{ assignment, position }];
    });
  const commit = async (assignments: Iterable<Assignment>): Promise<boolean> => {
    const pending = pendingOf(assignments);
    if (pending.length === 0) return true;
    try {
      await parts.source.commit(new Map(pending.map(({ assignment, position }) => [assignment.partition, position])));
    } catch (error) {
      dependencies.report('source', error);
      return false;
    }
    for (const { assignment, position } of pending) assignment.committed = position;
    dependencies.reportUp('source');
    return true;
  };
  const commitInTurn = (assignments: Iterable<Assignment>): Promise<boolean> => {
    const turn = last.then(() => commit(assignments));
    last = turn;
    return turn;
  };

  const changed = () => {
    if (isArmed || lifetime.signal.aborted || pendingOf(ledger.assignments.values()).length === 0) return;
    isArmed = true;
    void parts.clock.sleep(options.commitIntervalMs, lifetime.signal).then(async () => {
      if (!lifetime.signal.aborted) await commitInTurn(ledger.assignments.values());
      isArmed = false;
      changed();
    });
  };

  return {
    changed,
    commitWithin: async (ms, assignments) => {
      const off = new AbortController();
      const insist = async () => {
        while (!off.signal.aborted && !(await commitInTurn(assignments))) await parts.clock.sleep(retryMs, off.signal);
      };
      await withinTime(parts.clock, ms, insist());
      off.abort();
    },
  };
}

const retryMs = 200;
