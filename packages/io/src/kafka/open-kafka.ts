import type { ConnectionOptions } from 'node:tls';
import { colloquyError, silentLogger, type Logger } from '@colloquy/core';
import type * as kafkajs from 'kafkajs';
import type { Kafka, KafkaConfig, LogEntry } from 'kafkajs';

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** PEM texts, as `node:tls` takes them. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Default: true. */
  readonly rejectUnauthorized?: boolean;
}

/** How to reach a Kafka cluster. */
export interface KafkaConnection {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  /** Default: `colloquy`. */
  readonly clientId?: string;
  readonly ssl?: boolean | KafkaTls;
  readonly sasl?: KafkaSasl;
  /** Milliseconds to wait for a connection. Default: 3,000. */
  readonly connectTimeoutMs?: number;
  /** What the driver has to say, by event and address; never contents. */
  readonly logger?: Logger;
}

type KafkaDriver = typeof kafkajs;

export interface OpenKafka {
  readonly driver: KafkaDriver;
  readonly kafka: Kafka;
}

/** Loads the driver; connects to nothing yet. Throws CONFIG_ADAPTER_MISSING where kafkajs is not installed. */
export async function openKafka(connection: KafkaConnection): Promise<OpenKafka> {
  const driver = await loadDriver();
  const { logger = silentLogger } = connection;
  const config: KafkaConfig = {
    brokers: [...connection.brokers],
    clientId: connection.clientId ?? 'colloquy',
    connectionTimeout: connection.connectTimeoutMs ?? 3000,
    logLevel: driver.logLevel.INFO,
    logCreator: () => (entry) => writeLog(logger, entry, driver),
    ...(connection.ssl === undefined ? {} : { ssl: connection.ssl as boolean | ConnectionOptions }),
    ...(connection.sasl === undefined ? {} : { sasl: connection.sasl as NonNullable<KafkaConfig['sasl']> }),
  };
  return { driver, kafka: new driver.Kafka(config) };
}

async function loadDriver(): Promise<KafkaDriver> {
  try {
    return (await import('kafkajs')).default as unknown as KafkaDriver;
  } catch (error) {
    throw colloquyError('CONFIG_ADAPTER_MISSING', { path: 'kafka', adapter: 'Kafka', peer: 'kafkajs' }, error);
  }
}

/**
 * The driver calls every lost connection an error; it retries, so here that is a warning. Errors and stacks are left out:
 * only what the driver says itself, and where.
 */
function writeLog(logger: Logger, { namespace, level, log }: LogEntry, { logLevel }: KafkaDriver): void {
  const { message, broker, groupId, topic, partition, retryCount } = log as LogEntry['log'] & Record<string, unknown>;
  const fields = Object.fromEntries(
    Object.entries({ part: namespace, says: message, broker, groupId, topic, partition, retryCount }).filter(
      (field): field is [string, string | number] => typeof field[1] === 'string' || typeof field[1] === 'number',
    ),
  );
  if (level === logLevel.ERROR || level === logLevel.WARN) logger.warn('kafka.driver', fields);
  else logger.debug('kafka.driver', fields);
}
