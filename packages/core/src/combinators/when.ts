import type { Slot } from '../annotations.js';
import type { Doc } from '../doc.js';
import type { Stage } from '../stage.js';

/** Runs the stage only on messages the predicate accepts. Stages that need its slots are passed over on the others, without a fault. */
export function when<Needs extends Slot, Adds extends Slot>(predicate: (doc: Doc<Needs>) => boolean, stage: Stage<Needs, Adds>): Stage<Needs, Adds> {
  return {
    id: 'when@1',
    requires: stage.requires,
    provides: stage.provides,
    parts: [stage],
    process: (doc, ctx) => (predicate(doc) ? ctx.run(stage, doc) : {}),
  };
}
