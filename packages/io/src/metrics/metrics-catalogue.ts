export interface MetricEntry {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds in seconds. */
  readonly buckets?: readonly number[];
}

const workBuckets = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const waitBuckets = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Every number Colloquy tells about itself, by the name under which it is exposed. docs/reference/metrics.md lists the same. */
export const metricsCatalogue: Readonly<Record<string, MetricEntry>> = {
  colloquy_messages_total: { type: 'counter', labels: ['outcome'], help: 'Messages by outcome: `saved`, `dead_lettered`, and `parked` (once for each message that had to wait).' },
  colloquy_message_duration_seconds: { type: 'histogram', labels: [], help: 'From reading a message to its being stored, in seconds.', buckets: waitBuckets },
  colloquy_in_flight: { type: 'gauge', labels: [], help: 'Messages read and not yet stored, parked or dead-lettered.' },
  colloquy_parked: { type: 'gauge', labels: [], help: 'Messages that wait to be tried again.' },
  colloquy_store_duration_seconds: { type: 'histogram', labels: [], help: 'Time to save one batch in the store, in seconds.', buckets: waitBuckets },
  colloquy_dependency_up: { type: 'gauge', labels: ['dependency'], help: '1 while the dependency answers, else 0.' },
  colloquy_stage_duration_seconds: { type: 'histogram', labels: ['stage', 'outcome'], help: 'Time of one stage for one message, in seconds.', buckets: workBuckets },
  colloquy_stage_faults_total: { type: 'counter', labels: ['stage', 'code'], help: 'Failures of stages, by error code.' },
  colloquy_http_request_duration_seconds: { type: 'histogram', labels: ['method', 'route', 'status'], help: 'Time to answer one HTTP request, in seconds.', buckets: waitBuckets },
  colloquy_live_clients: { type: 'gauge', labels: [], help: 'Clients connected to the live feed.' },
  colloquy_live_dropped_total: { type: 'counter', labels: [], help: 'Clients of the live feed that were cut off because they read too slowly.' },
};
