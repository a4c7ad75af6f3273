import type { Slot } from '../annotations.js';
import type { Stage } from '../stage.js';

/** Whatever goes wrong in the stage is noted as a `fault`: the runner neither parks nor dead-letters a message for it. */
export function optional<Needs extends Slot, Adds extends Slot>(stage: Stage<Needs, Adds>): Stage<Needs, Adds> {
  return {
    id: 'optional@1',
    requires: stage.requires,
    provides: stage.provides,
    parts: [stage],
    process: (doc, ctx) => ctx.run(stage, doc, { tolerant: true }),
  };
}
