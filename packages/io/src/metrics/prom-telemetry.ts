import { colloquyError, type Labels, type Telemetry } from '@colloquy/core';
import { metricsCatalogue, type MetricEntry } from './metrics-catalogue.js';

export interface PromTelemetry {
  readonly telemetry: Telemetry;
  /** Of text(). */
  readonly contentType: string;
  /** All metrics in Prometheus' exposition format. */
  text(): Promise<string>;
}

/**
 * Numbers for Prometheus, in a registry of their own, with those of the process. Timings come in milliseconds and are exposed
 * in seconds under the name with `_seconds` at its end. A name outside the catalogue gets the labels of its first use; later
 * labels of other names are left out. Throws CONFIG_ADAPTER_MISSING where prom-client is not installed.
 */
export async function promTelemetry(): Promise<PromTelemetry> {
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } = await loadPromClient();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, InstanceType<typeof Counter>>();
  const gauges = new Map<string, InstanceType<typeof Gauge>>();
  const histograms = new Map<string, InstanceType<typeof Histogram>>();
  const labelNames = new Map<string, readonly string[]>();

  const settings = (name: string, entry: MetricEntry) => {
    labelNames.set(name, entry.labels);
    return { name, help: entry.help, labelNames: [...entry.labels], registers: [registry] };
  };
  const add = (name: string, entry: MetricEntry): void => {
    if (entry.type === 'counter') counters.set(name, new Counter(settings(name, entry)));
    else if (entry.type === 'gauge') gauges.set(name, new Gauge(settings(name, entry)));
    else histograms.set(name, new Histogram({ ...settings(name, entry), ...(entry.buckets === undefined ? {} : { buckets: [...entry.buckets] }) }));
  };
  for (const [name, entry] of Object.entries(metricsCatalogue)) add(name, entry);

  const known = (type: MetricEntry['type'], name: string, labels: Labels): Record<string, string> => {
    if (!labelNames.has(name)) add(name, { type, labels: Object.keys(labels).sort(), help: 'A number of your own.' });
    const names = labelNames.get(name) ?? [];
    return Object.fromEntries(names.flatMap((label) => (labels[label] === undefined ? [] : [[label, labels[label]]])));
  };

  return {
    telemetry: {
      count: (name, labels = {}, by = 1) => {
        const values = known('counter', name, labels);
        counters.get(name)?.inc(values, by);
      },
      gauge: (name, value, labels = {}) => {
        const values = known('gauge', name, labels);
        gauges.get(name)?.set(values, value);
      },
      timing: (name, ms, labels = {}) => {
        const exposed = `${name}_seconds`;
        const values = known('histogram', exposed, labels);
        histograms.get(exposed)?.observe(values, ms / 1000);
      },
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

async function loadPromClient() {
  try {
    return await import('prom-client');
  } catch (error) {
    throw colloquyError('CONFIG_ADAPTER_MISSING', { path: 'metrics', adapter: 'the metrics endpoint', peer: 'prom-client' }, error);
  }
}
