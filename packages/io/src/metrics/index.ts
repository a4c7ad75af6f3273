export { metricsCatalogue, type MetricEntry } from './metrics-catalogue.js';
export { promTelemetry, type PromTelemetry } from './prom-telemetry.js';
