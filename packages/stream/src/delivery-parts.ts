import type {
  Clock,
  DeadLetters,
  Logger,
  Message,
  Parking,
  Processed,
  Sink,
  Source,
  SourceRecord,
  Store,
  StoredMessage,
  Telemetry,
} from '@colloquy/core';

/** Everything the engine works with. It owns none of it: who opened a part closes it. */
export interface DeliveryParts {
  readonly source: Source;
  readonly store: Store;
  readonly parking: Parking;
  readonly deadLetters: DeadLetters;
  /** Gets every stored message, at least once, with the header `colloquy-message-id`, in order per conversation. */
  readonly enriched?: Sink;
  /** Default: JSON in UTF-8. */
  encodeEnriched?(message: StoredMessage): Uint8Array;
  /** Throws errors of kind `input` for a record that holds no message. */
  decode(record: SourceRecord): Message;
  /** Pipeline.process: one result a message, in their order. Messages of one conversation are never in two calls at once. */
  process(messages: readonly Message[], options: { readonly signal: AbortSignal }): Promise<readonly Processed[]>;
  /** Ids of stages and models, for stored messages and dead letters. */
  pipelineIds(): readonly string[];
  readonly codeVersion: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Called after messages are stored. */
  onSaved?(messages: readonly StoredMessage[]): void;
  /** Numbers in [0, 1) for the jitter of retries. Default: Math.random. */
  random?(): number;
}

export type DependencyName = 'source' | 'store' | 'parking' | 'dead-letters' | 'enriched';

export interface DependencyStatus {
  readonly isUp: boolean;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** Code of the last failure while it is down. */
  readonly code?: string;
}

export interface PartitionStatus {
  readonly partition: string;
  /** The offset that would be committed now; absent while nothing was taken. */
  readonly position?: number;
  /** Where another owner would begin. */
  readonly committed?: number;
  /** Records taken and not yet settled. */
  readonly underWay: number;
  readonly parked: number;
}

export interface DeliveryStatus {
  readonly state: 'new' | 'running' | 'draining' | 'stopped';
  readonly inFlight: number;
  readonly inFlightBytes: number;
  readonly parked: number;
  /** Since the start: first parkings, not retries. */
  readonly totals: { readonly taken: number; readonly saved: number; readonly parked: number; readonly deadLettered: number };
  /** True while the source is held back: no room, or a dependency is down. */
  readonly isHeldBack: boolean;
  /** When a message was last settled, ISO 8601. */
  readonly lastSettledAt?: string;
  readonly dependencies: Readonly<Record<DependencyName, DependencyStatus>>;
  readonly partitions: readonly PartitionStatus[];
}

export interface Delivery {
  /**
   * Resolves when a finite source has ended and everything is settled (parked messages retried until they are stored or dead),
   * or after drain(). Rejects, after draining, when the source fails for good, a service has an error of kind `config`, or the
   * drain was not done in time (DELIVERY_DRAIN_INCOMPLETE). Call it once.
   */
  run(): Promise<void>;
  /** Takes nothing more, lets work in flight finish within `drainMs`, commits, and resolves. Parked messages stay parked. */
  drain(): Promise<void>;
  status(): DeliveryStatus;
}
