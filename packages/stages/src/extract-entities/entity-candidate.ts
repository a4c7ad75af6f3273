import type { EntityValue } from '@colloquy/core';

/** What a recogniser reports; offsets are of the text it was given. */
export interface EntityCandidate {
  readonly type: RecognisedType;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly value?: EntityValue;
  /** What spoke for it, for `why`. Never a piece of the message. */
  readonly rule: string;
}

export type RecognisedType = 'url' | 'email' | 'phone' | 'datetime' | 'money' | 'number' | 'person' | 'place';

/** What a recogniser may know besides the text. */
export interface RecogniserContext {
  /** Language codes of the message, main language first; empty where no stage told. */
  readonly languages: readonly string[];
  /** Epoch milliseconds of the message. */
  readonly sentAtMs: number;
}

/** Finds entities of one family. Pure; candidates may overlap. */
export type Recogniser = (text: string, context: RecogniserContext) => readonly EntityCandidate[];
