import type { Annotations, Slot } from './annotations.js';
import type { ErrorKind } from './errors/error-table.js';
import type { Author, Direction, JsonObject, MediaRef, Message } from './message.js';

/** What went wrong in one stage. Never carries message text. */
export interface Fault {
  /** Id of the stage, such as `classify-intent@1`. */
  readonly stage: string;
  /** Code from the error table (docs/reference/errors.md), or the code of a third party's error. */
  readonly code: string;
  readonly kind: ErrorKind;
}

/**
 * One message on its way through a pipeline. Immutable: a stage returns a patch and the pipeline makes the next Doc.
 * `Has` names the slots that are certainly filled; all others may be.
 */
export interface Doc<Has extends Slot = never> {
  readonly id: string;
  readonly conversationId: string;
  /** When the message was sent: ISO 8601 in UTC with milliseconds, so that instants compare as strings. */
  readonly at: string;
  readonly author: Author;
  readonly channel: string;
  readonly direction: Direction;
  /** As received, never normalised; empty where the message has none. */
  readonly text: string;
  readonly media: readonly MediaRef[];
  readonly ann: Readonly<Partial<Annotations>> & Readonly<Pick<Annotations, Has>>;
  readonly faults: readonly Fault[];
  readonly meta: JsonObject;
}

/** The Doc of a message that no stage has seen. */
export function createDoc(message: Message): Doc {
  return { ...message, ann: {}, faults: [] };
}
