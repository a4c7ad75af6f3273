import type { ErrorKind } from '../errors/error-table.js';
import type { SourceRecord } from './source.js';

/** A message that could not be processed, with everything needed to understand and replay it. */
export interface DeadLetter {
  /** `<source>/<partition>/<offset>/<hash8>`, the last a hash of the record's key and value: the same record always has the same id, another at its place another. */
  readonly id: string;
  readonly source: string;
  readonly record: SourceRecord;
  readonly deadAt: string;
  readonly attempts: number;
  /** Absent where the message was refused before the first stage. */
  readonly stage?: string;
  readonly code: string;
  readonly kind: ErrorKind;
  /** Equal for failures of one sort: stage, code and the place in the code. */
  readonly fingerprint: string;
  /** Names and stacks of the error and its causes, without their texts where those could quote the message. */
  readonly causes: readonly { readonly name: string; readonly code?: string; readonly stack?: string }[];
  readonly messageId?: string;
  readonly conversationId?: string;
  /** The ids of the pipeline's stages and models, and the version of the code. */
  readonly pipeline: readonly string[];
  readonly codeVersion: string;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  /** Pass as `after` for the next page; absent on the last. */
  readonly next?: string;
}

export interface DeadLetters {
  /** Adds or replaces by id. Durable when it resolves. */
  put(letters: readonly DeadLetter[]): Promise<void>;
  /** Newest first. */
  list(query: { readonly limit: number; readonly after?: string }): Promise<DeadLetterPage>;
  get(id: string): Promise<DeadLetter | undefined>;
  count(): Promise<number>;
  check(): Promise<void>;
  close(): Promise<void>;
}
