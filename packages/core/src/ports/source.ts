/** One record as it lies in the source, not decoded. */
export interface SourceRecord {
  /** Unique within the source, such as `conversations.inbound/3`. */
  readonly partition: string;
  /** Grows within its partition; gaps are allowed. */
  readonly offset: number;
  readonly key: Uint8Array | undefined;
  readonly value: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** When the source took it in: ISO 8601 in UTC. */
  readonly at: string;
}

export interface SourceListener {
  /** Awaited before the first record of these partitions. revoked() may come while it is pending. */
  assigned(partitions: readonly string[]): Promise<void>;
  /** Awaited before the partitions may go to another owner; commits for them count until it resolves. */
  revoked(partitions: readonly string[]): Promise<void>;
  /** Resolves when there is room for more: awaiting it is the backpressure. Records of one partition come in order. */
  records(records: readonly SourceRecord[]): Promise<void>;
}

/**
 * Where messages come from. Delivers every record after the last committed offset of its partition at least once.
 * While the service cannot be reached it retries with backoff by itself and `check` rejects with SOURCE_UNREACHABLE.
 */
export interface Source {
  readonly name: string;
  /** Resolves when a finite source has delivered its last record, or after stop(). */
  run(listener: SourceListener): Promise<void>;
  /** `offsets`: partition → the offset to read next. Durable when it resolves. */
  commit(offsets: ReadonlyMap<string, number>): Promise<void>;
  /** No more records after it resolves; commits are still taken until close(). */
  stop(): Promise<void>;
  check(): Promise<void>;
  close(): Promise<void>;
}
