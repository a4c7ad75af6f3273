import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeMessage } from '@colloquy/contracts';
import { parseMessage, silentLogger, type Message } from '@colloquy/core';
import { kafkaSource } from '@colloquy/io/kafka';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsService } from '../../../../tools/services/needs-service.js';
import { loadConfig } from '../config/load-config.js';
import { createRuntime, type Runtime } from './create-runtime.js';

const kafka = await needsService('kafka');
const mongodb = await needsService('mongodb');
const run = randomUUID().slice(0, 8);
const fixtures = fileURLToPath(new URL('../../../../fixtures/conversations/messages.ndjson', import.meta.url));
const bytes = new TextEncoder().encode('the bytes of an attachment');

const backends = [
  { name: 'embedded', isAbsent: false, yaml: 'enriched: { kind: embedded }' },
  {
    name: 'Kafka and MongoDB',
    isAbsent: kafka.isAbsent || mongodb.isAbsent,
    yaml: `
source: { kind: kafka, brokers: "\${KAFKA}", topic: in-${run}, groupId: g-${run}, create: { partitions: 3 } }
enriched: { kind: kafka, brokers: "\${KAFKA}", topic: out-${run}, create: { partitions: 3 } }
store: { kind: mongodb, uri: "\${MONGODB}", database: run_${run} }
media: { kind: mongodb }`,
  },
];

describe.each(backends)('createRuntime on $name', ({ isAbsent, yaml }) => {
  let dir: string;
  const open: Runtime[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'colloquy-runtime-'));
  });
  afterEach(async () => {
    for (const runtime of open.splice(0)) await runtime.drain();
    await rm(dir, { recursive: true, force: true });
  });
  const start = async () => {
    const text = `pipeline: [identify-language@1, extract-entities@1]\nhttp: { port: 0 }\n${yaml}\n`;
    const loaded = loadConfig(text, { env: { KAFKA: kafka.address, MONGODB: mongodb.address } });
    const runtime = await createRuntime(loaded, { baseDir: dir, codeVersion: 'test', log: silentLogger });
    open.push(runtime);
    await runtime.start();
    return runtime;
  };
  const isStored = async (runtime: Runtime, id: string) => (await runtime.store.message(id).catch(() => undefined)) !== undefined;

  it.skipIf(isAbsent)('carries a conversation from HTTP to the store, once whatever comes twice, across a restart', { timeout: 90_000 }, async () => {
    const first = await start();
    const url = first.url() as string;
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 40_000, interval: 200 }).toBe(200);
    const lines = (await readFile(fixtures, 'utf8')).trimEnd().split('\n');
    const messages = lines.map((line) => JSON.parse(line) as Message).filter(({ media }) => media === undefined);
    const chosen = messages.slice(0, 200);
    const post = (body: unknown) => fetch(`${url}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect(await (await post(chosen)).json()).toMatchObject({ accepted: 200, refused: 0 });
    const last = chosen.at(-1) as Message;
    for (const { id } of chosen) await expect.poll(() => isStored(first, id), { timeout: 40_000, interval: 50 }).toBe(true);
    await first.inbound.append([{ key: last.conversationId, value: encodeMessage(parseMessage(last)), headers: {} }]);
    const ref = await first.media.put(bytes);
    await first.drain();
    await first.done;

    const second = await start();
    await expect.poll(async () => (await fetch(`${second.url() as string}/health/ready`)).status, { timeout: 40_000, interval: 200 }).toBe(200);
    const marker = { id: `marker-${run}`, conversationId: last.conversationId, text: 'fin' };
    await second.inbound.append([{ key: last.conversationId, value: encodeMessage(parseMessage(marker)), headers: {} }]);
    await expect.poll(() => isStored(second, marker.id), { timeout: 40_000, interval: 50 }).toBe(true);

    const expected = chosen.filter(({ conversationId }) => conversationId === last.conversationId).length + 1;
    expect((await second.store.conversation(last.conversationId))?.counts.messages).toBe(expected);
    const { items } = await second.store.conversations({ limit: 100 });
    expect(items.reduce((sum, { counts }) => sum + counts.messages, 0)).toBe(201);
    expect(new TextDecoder().decode(await second.media.get(ref))).toBe('the bytes of an attachment');
  });

  it.skipIf(isAbsent)('tells about messages as they are stored', { timeout: 60_000 }, async () => {
    const runtime = await start();
    const seen: string[] = [];
    runtime.live.subscribe((messages) => seen.push(...messages.map(({ id }) => id)));
    const message = parseMessage({ id: `live-${randomUUID()}`, conversationId: 'live', text: 'hola' });
    await expect.poll(() => runtime.inbound.append([{ key: 'live', value: encodeMessage(message), headers: {} }]).then(() => true, () => false), { timeout: 30_000 }).toBe(true);
    await expect.poll(() => seen.includes(message.id), { timeout: 40_000 }).toBe(true);
  });
});

describe.skipIf(kafka.isAbsent || mongodb.isAbsent)('the enriched topic', () => {
  const stop: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of stop) await close();
  });

  it('has every stored message under its conversation', { timeout: 60_000 }, async () => {
    const source = await kafkaSource({ brokers: kafka.address.split(','), topic: `out-${run}`, groupId: `look-${run}` });
    stop.push(() => source.close());
    const ids = new Set<string>();
    void source.run({
      assigned: async () => undefined,
      revoked: async () => undefined,
      records: async (records) => {
        for (const { value, key } of records) {
          const doc = JSON.parse(new TextDecoder().decode(value)) as { id: string; conversationId: string; ann: object };
          expect(new TextDecoder().decode(key)).toBe(doc.conversationId);
          ids.add(doc.id);
        }
      },
    });
    await expect.poll(() => ids.size, { timeout: 40_000 }).toBeGreaterThanOrEqual(201);
    await source.stop();
  });
});
