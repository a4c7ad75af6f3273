import { colloquyError, type ColloquyError } from '@colloquy/core';

/** What the driver says of making topics: SOURCE_DENIED and SOURCE_TOPIC_REFUSED where trying again is no use, else SOURCE_UNREACHABLE. */
export function topicsError(error: unknown, source: string): ColloquyError {
  const failures = failuresIn(error);
  const denied = failures.find(({ name, type = '' }) => name === 'KafkaJSSASLAuthenticationError' || denials.test(type));
  if (denied !== undefined) return colloquyError('SOURCE_DENIED', { source, problem: denied.type ?? 'SASL_AUTHENTICATION_FAILED' }, error);
  const refused = failures.find(({ type = '' }) => refusals.test(type));
  if (refused !== undefined) return colloquyError('SOURCE_TOPIC_REFUSED', { source, topic: refused.topic ?? '(unnamed)', problem: refused.type ?? '' }, error);
  return colloquyError('SOURCE_UNREACHABLE', { source }, error);
}

interface DriverFailure {
  readonly name?: string;
  /** The error of the protocol. */
  readonly type?: string;
  readonly topic?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

const denials = /^(SASL_AUTHENTICATION_FAILED|UNSUPPORTED_SASL_MECHANISM|ILLEGAL_SASL_STATE|(TOPIC|CLUSTER)_AUTHORIZATION_FAILED)$/;
const refusals = /^(INVALID_(PARTITIONS|REPLICATION_FACTOR|REPLICA_ASSIGNMENT|CONFIG|TOPIC_EXCEPTION)|POLICY_VIOLATION)$/;
const maxFailures = 100;

/** The error, its causes and the errors it gathers; the driver wraps what it gave up retrying, and has one error a topic. */
function failuresIn(error: unknown): readonly DriverFailure[] {
  const found: DriverFailure[] = [];
  const waiting = [error];
  while (waiting.length > 0 && found.length < maxFailures) {
    const next = waiting.shift();
    if (typeof next !== 'object' || next === null || found.includes(next)) continue;
    const failure: DriverFailure = next;
    found.push(failure);
    waiting.push(failure.cause, ...(failure.errors ?? []));
  }
  return found;
}
