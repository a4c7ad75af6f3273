import type { EntityCandidate, RecognisedType } from './entity-candidate.js';

export interface Resolution {
  /** In order of start; no two overlap. */
  readonly kept: readonly EntityCandidate[];
  readonly dropped: readonly EntityCandidate[];
}

/**
 * Lets no two candidates overlap. The more specific type wins (url and email, phone, datetime, money, number, person, place), among
 * equals the longer, then the earlier one.
 */
export function resolveConflicts(candidates: readonly EntityCandidate[], textLength: number): Resolution {
  const ranked = [...candidates].sort((a, b) => rank[a.type] - rank[b.type] || b.end - b.start - (a.end - a.start) || a.start - b.start);
  const taken = new Uint8Array(textLength);
  const kept: EntityCandidate[] = [];
  const dropped: EntityCandidate[] = [];
  for (const candidate of ranked) {
    const isFree = taken.subarray(candidate.start, candidate.end).indexOf(1) === -1;
    if (isFree) taken.fill(1, candidate.start, candidate.end);
    (isFree ? kept : dropped).push(candidate);
  }
  return { kept: kept.sort((a, b) => a.start - b.start), dropped };
}

const rank: Readonly<Record<RecognisedType, number>> = { url: 0, email: 0, phone: 1, datetime: 2, money: 3, number: 4, person: 5, place: 6 };
