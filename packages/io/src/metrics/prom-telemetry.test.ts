import { readFileSync } from 'node:fs';
import { pipeline } from '@colloquy/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { metricsCatalogue } from './metrics-catalogue.js';
import { promTelemetry, type PromTelemetry } from './prom-telemetry.js';

let prom: PromTelemetry;
beforeEach(async () => {
  prom = await promTelemetry();
});

const line = async (start: string) => (await prom.text()).split('\n').find((text) => text.startsWith(start));

describe('promTelemetry', () => {
  it('counts, by labels', async () => {
    prom.telemetry.count('colloquy_messages_total', { outcome: 'stored' });
    prom.telemetry.count('colloquy_messages_total', { outcome: 'stored' }, 4);
    prom.telemetry.count('colloquy_messages_total', { outcome: 'dead' });
    expect(await line('colloquy_messages_total{outcome="stored"}')).toBe('colloquy_messages_total{outcome="stored"} 5');
    expect(await line('colloquy_messages_total{outcome="dead"}')).toBe('colloquy_messages_total{outcome="dead"} 1');
  });

  it('keeps the last value of a gauge', async () => {
    prom.telemetry.gauge('colloquy_dependency_up', 1, { dependency: 'store' });
    prom.telemetry.gauge('colloquy_dependency_up', 0, { dependency: 'store' });
    expect(await line('colloquy_dependency_up{')).toBe('colloquy_dependency_up{dependency="store"} 0');
  });

  it('exposes timings in seconds', async () => {
    prom.telemetry.timing('colloquy_store_duration', 30);
    prom.telemetry.timing('colloquy_store_duration', 1_500);
    expect(await line('colloquy_store_duration_seconds_sum')).toBe('colloquy_store_duration_seconds_sum 1.53');
    expect(await line('colloquy_store_duration_seconds_count')).toBe('colloquy_store_duration_seconds_count 2');
    expect(await line('colloquy_store_duration_seconds_bucket{le="0.025"}')).toMatch(/ 0$/);
    expect(await line('colloquy_store_duration_seconds_bucket{le="0.05"}')).toMatch(/ 1$/);
  });

  it('takes names of third parties and never fails for other labels', async () => {
    prom.telemetry.count('urgent_total', { queue: 'a' });
    prom.telemetry.count('urgent_total', { queue: 'a', extra: 'x' });
    prom.telemetry.count('urgent_total');
    expect(await line('urgent_total{queue="a"}')).toBe('urgent_total{queue="a"} 2');
    expect(await line('urgent_total ')).toBe('urgent_total 1');
  });

  it('ignores a name used as another type', async () => {
    prom.telemetry.gauge('colloquy_messages_total', 7);
    expect(await line('colloquy_messages_total ')).toBeUndefined();
  });

  it('has a registry of its own', async () => {
    const other = await promTelemetry();
    other.telemetry.gauge('colloquy_parked', 3);
    expect(await line('colloquy_parked ')).toBe('colloquy_parked 0');
  });

  it('takes what a pipeline tells', async () => {
    const failing = { id: 'fail@1' as const, requires: [], provides: ['intent' as const], process: () => Promise.reject(new Error('x')) };
    await pipeline({ telemetry: prom.telemetry }).use(failing).enrich({ id: '1', conversationId: 'c', text: 'hi' });
    expect(await line('colloquy_stage_faults_total{')).toBe('colloquy_stage_faults_total{stage="fail@1",code="STAGE_FAILED"} 1');
    expect(await line('colloquy_stage_duration_seconds_count{')).toBe('colloquy_stage_duration_seconds_count{stage="fail@1",outcome="failed"} 1');
  });
});

describe('docs/reference/metrics.md', () => {
  const doc = readFileSync(new URL('../../../../docs/reference/metrics.md', import.meta.url), 'utf8');
  const [ours = '', ofProcess = ''] = doc.split('## Of the process');
  const rows = [...ours.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)].map(([, name, type, labels, help]) => ({ name, type, labels, help }));

  it('equals the catalogue, both ways', () => {
    const wanted = Object.entries(metricsCatalogue).map(([name, { type, labels, help }]) => ({ name, type, labels: labels.map((label) => `\`${label}\``).join(', ') || '–', help }));
    expect(rows).toEqual(wanted);
  });

  it('names all that is exposed, and nothing else', async () => {
    const exposed = [...(await prom.text()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name]) => name ?? '');
    const documented = [...rows.map(({ name }) => name ?? ''), ...[...ofProcess.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name ?? '')];
    const linuxOnly = (name: string) => process.platform === 'linux' || !/^process_(virtual|heap|open_fds|max_fds)/.test(name);
    expect(exposed.sort()).toEqual(documented.filter(linuxOnly).sort());
  });
});
