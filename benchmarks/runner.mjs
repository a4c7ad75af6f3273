// Messages per second through the whole runner, from a full inbound log to the last message stored: embedded, and Kafka with a
// MongoDB-protocol server (started here unless KAFKA_BROKERS and MONGODB_URI name one; the started one does not sync every
// write, see docs). Beside it the loop a Node user writes today: kafkajs eachMessage and one insertOne a message.
// Broker, database and runner share the machine's cores. BENCH_MESSAGES sets how many messages (default 10,000).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaSink } from 'colloquy/kafka';
import { createRuntime, loadConfig } from 'colloquy/runtime';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';

const count = Number(process.env['BENCH_MESSAGES'] ?? 10_000);
const root = join(import.meta.dirname, '..');
const oneStage = '[identify-language@1]';
const textStages = '[identify-language@1, classify-intent@1, extract-entities@1, score-sentiment@1]';
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const run = Date.now().toString(36);

export async function benchmark() {
  const records = syntheticTraffic();
  const rows = [];
  for (const [stages, pipeline] of [['one stage', oneStage], ['four text stages', textStages]]) {
    rows.push({ backend: 'embedded', stages, ...(await embedded(pipeline, records)) });
  }
  const services = await startServices();
  try {
    for (const [stages, pipeline] of [['one stage', oneStage], ['four text stages', textStages]]) {
      rows.push({ backend: 'Kafka + MongoDB protocol', stages, ...(await distributed(pipeline, records, services)) });
    }
    rows.push({ backend: 'Kafka + MongoDB protocol', stages: 'none: eachMessage + insertOne', ...(await usualLoop(records, services)) });
  } finally {
    await services.stop();
  }
  return rows.map((row) => ({ ...row, messages: count, 'database server': row.backend === 'embedded' ? 'libsql' : services.database }));
}

/** Texts of the fixtures in new conversations of ten messages. */
function syntheticTraffic() {
  const texts = readFileSync(join(root, 'fixtures/conversations/messages.ndjson'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line).text).filter(Boolean);
  const encoder = new TextEncoder();
  return Array.from({ length: count }, (_, index) => {
    const conversationId = `bench-${run}-${Math.floor(index / 200) * 20 + (index % 20)}`;
    const message = { id: `${conversationId}-${index}`, conversationId, at: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(), text: texts[index % texts.length] };
    return { key: conversationId, value: encoder.encode(JSON.stringify(message)), headers: {} };
  });
}

async function embedded(pipeline, records) {
  const dir = mkdtempSync(join(tmpdir(), 'colloquy-bench-'));
  try {
    return await throughRuntime(`pipeline: ${pipeline}\ndataDir: ${dir}\nhttp: { enabled: false }\n`, async (runtime) => append(runtime.inbound, records));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function distributed(pipeline, records, { brokers, uri }) {
  const topic = `bench-${run}-${pipeline.length}`;
  await makeTopic(brokers, topic);
  const sink = await kafkaSink({ brokers: [brokers], topic });
  await append(sink, records);
  await sink.close();
  const config = `pipeline: ${pipeline}
source: { kind: kafka, brokers: ['${brokers}'], topic: ${topic}, groupId: ${topic} }
store: { kind: mongodb, uri: '${uri}', database: ${topic} }
http: { enabled: false }
`;
  return throughRuntime(config, async () => undefined);
}

/** From start to the last message stored, the joining of the group left out: the clock runs from the first message stored. */
async function throughRuntime(yaml, fill) {
  const dir = mkdtempSync(join(tmpdir(), 'colloquy-bench-base-'));
  const runtime = await createRuntime(loadConfig(yaml), { baseDir: dir, codeVersion: 'bench', log: silent });
  await runtime.pipeline.open();
  await fill(runtime);
  let stored = 0;
  let first;
  const before = { cpu: process.cpuUsage() };
  const finished = new Promise((resolve) =>
    runtime.live.subscribe((messages) => {
      first ??= { at: performance.now(), count: messages.length };
      stored += messages.length;
      if (stored >= count) resolve();
    }),
  );
  await runtime.start();
  await finished;
  const seconds = (performance.now() - first.at) / 1000;
  const { user, system } = process.cpuUsage(before.cpu);
  const { totals } = runtime.status();
  await runtime.drain();
  rmSync(dir, { recursive: true, force: true });
  return { 'messages/s': Math.round((count - first.count) / seconds), 'CPU s of the runner': Number(((user + system) / 1e6).toFixed(1)), 'dead letters': totals.deadLettered };
}

async function usualLoop(records, { brokers, uri }) {
  const topic = `bench-${run}-usual`;
  await makeTopic(brokers, topic);
  const sink = await kafkaSink({ brokers: [brokers], topic });
  await append(sink, records);
  await sink.close();
  const client = await new MongoClient(uri).connect();
  const messages = client.db(topic).collection('messages');
  const consumer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let stored = 0;
  let first;
  const before = process.cpuUsage();
  await new Promise((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          const { id, ...rest } = JSON.parse(message.value.toString());
          await messages.insertOne({ _id: id, ...rest });
          first ??= performance.now();
          if (++stored >= count) resolve();
        },
      })
      .catch(reject);
  });
  const seconds = (performance.now() - first) / 1000;
  const { user, system } = process.cpuUsage(before);
  await consumer.disconnect();
  await client.close();
  return { 'messages/s': Math.round((count - 1) / seconds), 'CPU s of the runner': Number(((user + system) / 1e6).toFixed(1)), 'dead letters': 0 };
}

async function append(sink, records) {
  for (let from = 0; from < records.length; from += 1000) await sink.append(records.slice(from, from + 1000));
}

async function makeTopic(brokers, topic) {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 8 }] });
  await admin.disconnect();
}

async function startServices() {
  const { KAFKA_BROKERS: brokers, MONGODB_URI: uri } = process.env;
  if (brokers && uri) return { brokers, uri, database: 'the one of MONGODB_URI', stop: async () => undefined };
  const { startKafka } = await import('../tools/services/start-kafka.ts');
  const { startMongodb } = await import('../tools/services/start-mongodb.ts');
  const [kafka, mongodb] = await Promise.all([startKafka(), startMongodb({ syncs: false })]);
  return { brokers: kafka.address, uri: mongodb.address, database: 'SecantusDB (Python wheel), no sync', stop: () => Promise.all([kafka.stop(), mongodb.stop()]) };
}
