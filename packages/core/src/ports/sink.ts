export interface SinkRecord {
  /** Decides the partition (murmur2, as Kafka does it); the conversation id. */
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** A log to append to: the inbound log behind HTTP, the topic of enriched messages. Durable when append resolves, in the order given. */
export interface Sink {
  readonly name: string;
  append(records: readonly SinkRecord[]): Promise<void>;
  check(): Promise<void>;
  close(): Promise<void>;
}
