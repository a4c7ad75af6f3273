import type { Slot } from '../annotations.js';
import { colloquyError } from '../errors/colloquy-error.js';
import type { Patch, Stage } from '../stage.js';

type NeedsOf<S> = S extends Stage<infer Needs, Slot> ? Needs : never;
type AddsOf<S> = S extends Stage<Slot, infer Adds> ? Adds : never;

/**
 * Runs stages side by side on the same Doc; none sees what another adds. The result does not depend on which is done first.
 * Throws PIPELINE_SLOT_CONFLICT where two provide the same slot.
 */
export function parallel<const S extends readonly Stage[]>(...parts: S): Stage<NeedsOf<S[number]>, AddsOf<S[number]>> {
  refuseSharedSlots(parts);
  const stage: Stage = {
    id: 'parallel@1',
    requires: [],
    provides: [...new Set(parts.flatMap((part) => part.provides))],
    parts,
    process: async (doc, ctx) => Object.assign({}, ...(await Promise.all(parts.map((part) => ctx.run(part, doc))))) as Patch,
  };
  return stage as Stage<NeedsOf<S[number]>, AddsOf<S[number]>>;
}

function refuseSharedSlots(parts: readonly Stage[]): void {
  const owner = new Map<string, string>();
  for (const part of parts) {
    for (const slot of part.provides) {
      const first = owner.get(slot);
      if (first !== undefined) throw colloquyError('PIPELINE_SLOT_CONFLICT', { slot, first, second: part.id });
      owner.set(slot, part.id);
    }
  }
}
