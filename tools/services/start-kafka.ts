import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { answering, freePorts } from './address.js';
import { cachedFolder } from './cache-folder.js';
import { runCommand } from './run-command.js';
import type { Service } from './service.js';
import { startProcess } from './service-process.js';

const kafkaVersion = '4.1.0';

/** One Apache Kafka node in KRaft mode. Needs Java 17; the first time also Maven, which fetches the jars. */
export async function startKafka(): Promise<Service> {
  await requireJava();
  const jars = await kafkaJars();
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-kafka-'));
  const properties = join(folder, 'server.properties');
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  writeFileSync(properties, serverProperties(port, controllerPort, join(folder, 'data')));
  const java = [...jvmFlags, '-cp', join(jars, '*')];
  await runCommand('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties]);
  const address = `127.0.0.1:${port}`;
  const start = async () => {
    const started = await startProcess('java', [...java, 'kafka.Kafka', properties], join(folder, 'kafka.log'));
    await answering(() => requireCluster(address, clusterId), { timeoutMs: 60_000, isGone: started.gone });
    return started;
  };
  let running = await start();
  return {
    address,
    get pid() {
      return running.pid;
    },
    pause: ({ hard = false } = {}) => (hard ? running.kill() : running.stop()),
    restart: async () => {
      running = await start();
    },
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder with Kafka's jars. */
function kafkaJars(): Promise<string> {
  return cachedFolder(`kafka-${kafkaVersion}`, async (folder) => {
    writeFileSync(join(folder, 'pom.xml'), pom);
    await runCommand('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], { cwd: folder });
  });
}

const lowestJava = 17;
const jvmFlags = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>colloquy</groupId>
  <artifactId>test-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

async function requireJava(): Promise<void> {
  const found = /version "(\d+)/.exec(await runCommand('java', ['-version']))?.[1] ?? '0';
  if (Number(found) < lowestJava) throw new Error(`found Java ${found}; Kafka ${kafkaVersion} needs ${lowestJava}`);
}

function serverProperties(port: number, controllerPort: number, dataFolder: string): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': dataFolder.replaceAll('\\', '/'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
  };
  return Object.entries(settings).map(([key, value]) => `${key}=${value}\n`).join('');
}

/** That something answers is not enough: it must be the cluster that was formatted here. */
async function requireCluster(address: string, clusterId: string): Promise<void> {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, connectionTimeout: 1000, retry: { retries: 0 } });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const found = (await admin.describeCluster()).clusterId;
    if (found !== clusterId) throw new Error(`another Kafka cluster answers at ${address}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
