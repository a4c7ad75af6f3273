export type Labels = Readonly<Record<string, string>>;

/** Numbers about the work, by the names in docs/reference/metrics.md. Stage authors never call it: the pipeline measures them. */
export interface Telemetry {
  count(name: string, labels?: Labels, by?: number): void;
  gauge(name: string, value: number, labels?: Labels): void;
  /** One observation of a duration. */
  timing(name: string, ms: number, labels?: Labels): void;
}

export const noTelemetry: Telemetry = { count() {}, gauge() {}, timing() {} };
