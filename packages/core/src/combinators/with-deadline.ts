import type { Slot } from '../annotations.js';
import { requireLimit } from '../require-limit.js';
import type { Stage } from '../stage.js';

/**
 * Gives up on the stage after `deadlineMs`, or when the message's budget is spent, whichever is first, and notes STAGE_DEADLINE.
 * Cooperative: a stage that blocks the thread cannot be stopped this way. Throws CONFIG_INVALID for a deadline that is no positive number.
 */
export function withDeadline<Needs extends Slot, Adds extends Slot>(stage: Stage<Needs, Adds>, deadlineMs: number): Stage<Needs, Adds> {
  requireLimit('deadlineMs', deadlineMs);
  return {
    id: 'with-deadline@1',
    requires: stage.requires,
    provides: stage.provides,
    parts: [stage],
    process: (doc, ctx) => ctx.run(stage, doc, { deadlineMs }),
  };
}
