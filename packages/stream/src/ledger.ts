import type { Clock, Telemetry } from '@colloquy/core';
import { conditions, type Conditions } from './conditions.js';
import type { DeliveryOptions } from './delivery-options.js';
import type { Assignment, Item } from './item.js';

interface Counts {
  inFlight: number;
  inFlightBytes: number;
  parked: number;
  parkedBytes: number;
  active: number;
  taken: number;
  saved: number;
  everParked: number;
  deadLettered: number;
  lastSettledAtMs: number | undefined;
}

/** Who holds what, and the only place that says so: every item enters, changes hands and leaves here. */
export interface Ledger extends Conditions {
  readonly assignments: Map<string, Assignment>;
  readonly counts: Readonly<Counts>;
  /** Room for a record of so many bytes. */
  hasRoom(bytes: number): boolean;
  admit(item: Item): void;
  /** Somebody works on it. */
  begin(item: Item): void;
  end(item: Item): void;
  /** It is parked durably: its place in the partition is settled. */
  becomeParked(item: Item): void;
  /** It came parked, from a former owner. */
  admitParked(item: Item): void;
  /** It is stored or dead-lettered durably. */
  settle(item: Item, outcome: 'saved' | 'dead_lettered'): void;
  /** It is given up, unsettled: another owner, or the next start, gets it again. */
  forget(item: Item): void;
}

export function ledger(options: DeliveryOptions, clock: Clock, telemetry: Telemetry): Ledger {
  const counts: Counts = { inFlight: 0, inFlightBytes: 0, parked: 0, parkedBytes: 0, active: 0, taken: 0, saved: 0, everParked: 0, deadLettered: 0, lastSettledAtMs: undefined };
  const waiting = conditions();

  const leave = (item: Item) => {
    if (item.held === 'in-flight') {
      counts.inFlight--;
      counts.inFlightBytes -= item.bytes;
    } else if (item.held === 'parked') {
      counts.parked--;
      counts.parkedBytes -= item.bytes;
      item.assignment.parked.delete(item.record.offset);
    }
    item.held = 'none';
  };
  const hold = (item: Item, as: 'in-flight' | 'parked') => {
    leave(item);
    item.held = as;
    if (as === 'in-flight') {
      counts.inFlight++;
      counts.inFlightBytes += item.bytes;
    } else {
      counts.parked++;
      counts.parkedBytes += item.bytes;
      item.assignment.parked.set(item.record.offset, item);
    }
  };
  const finish = (item: Item, outcome: string) => {
    // A parked one was finished when it was parked; by now another record may be under way at its place.
    if (item.held === 'in-flight') item.assignment.tracker.finish(item.record.offset);
    counts.lastSettledAtMs = clock.now();
    telemetry.count('colloquy_messages_total', { outcome });
  };
  const end = (item: Item) => {
    if (!item.isActive) return;
    item.isActive = false;
    item.assignment.active--;
    counts.active--;
  };

  return {
    assignments: new Map(),
    counts,
    until: waiting.until,
    notify: () => {
      telemetry.gauge('colloquy_in_flight', counts.inFlight);
      telemetry.gauge('colloquy_parked', counts.parked);
      waiting.notify();
    },
    hasRoom: (bytes) =>
      counts.inFlight < options.maxInFlight &&
      (counts.inFlight === 0 || counts.inFlightBytes + bytes <= options.maxInFlightBytes) &&
      counts.parked < options.maxParked &&
      counts.parkedBytes < options.maxParkedBytes,
    admit: (item) => {
      counts.taken++;
      hold(item, 'in-flight');
    },
    begin: (item) => {
      if (item.isActive) return;
      item.isActive = true;
      item.assignment.active++;
      counts.active++;
    },
    end,
    becomeParked: (item) => {
      if (item.held === 'in-flight') {
        counts.everParked++;
        finish(item, 'parked');
      }
      item.message = undefined;
      hold(item, 'parked');
      end(item);
    },
    admitParked: (item) => hold(item, 'parked'),
    settle: (item, outcome) => {
      if (outcome === 'saved') counts.saved++;
      else counts.deadLettered++;
      finish(item, outcome);
      leave(item);
      end(item);
    },
    forget: (item) => {
      leave(item);
      end(item);
    },
  };
}
