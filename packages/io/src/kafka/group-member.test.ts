import { expect, it, vi } from 'vitest';
import { createGroupMember } from './group-member.js';
import type { OpenKafka } from './open-kafka.js';

const topic = 'inbound';

/** A driver that joins when the test says so: first it looks for the coordinator, as kafkajs does, then it tells of the join. */
function createDriver() {
  const handlers = new Map<string, (event: { readonly payload: unknown }) => void>();
  const cluster = { findGroupCoordinator: async () => undefined };
  const consumer = {
    events: { CRASH: 'crash', GROUP_JOIN: 'join' },
    on: (event: string, handler: (event: { readonly payload: unknown }) => void) => void handlers.set(event, handler),
    pause: () => undefined,
    disconnect: async () => undefined,
  };
  const opened = {
    driver: { PartitionAssigners: { roundRobin: () => undefined } },
    kafka: {
      consumer: ({ partitionAssigners: [assigner] }: { readonly partitionAssigners: readonly ((config: object) => unknown)[] }) => {
        assigner?.({ cluster });
        return consumer;
      },
    },
  } as unknown as OpenKafka;
  const rejoin = async () => {
    await cluster.findGroupCoordinator();
    handlers.get('join')?.({ payload: { memberAssignment: { [topic]: [0] } } });
  };
  return { opened, rejoin };
}

it('tells of the next assignment only when a late revoked() has ended', async () => {
  const told: string[] = [];
  let endRevoked: () => void = () => undefined;
  const revoking = new Promise<void>((resolve) => (endRevoked = resolve));
  const { opened, rejoin } = createDriver();
  createGroupMember({
    opened,
    name: 'kafka',
    topic,
    groupId: 'g',
    fromBeginning: true,
    sessionTimeoutMs: 20,
    heartbeatMs: 5,
    maxBatchRecords: 10,
    stopped: new AbortController().signal,
    listener: {
      assigned: async () => void told.push('assigned'),
      revoked: async () => {
        told.push('revoked');
        await revoking;
        told.push('revoked ended');
      },
      records: async () => undefined,
    },
  });
  await rejoin();
  await vi.waitFor(() => expect(told).toEqual(['assigned']));
  await rejoin();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(told).toEqual(['assigned', 'revoked']);
  await rejoin();
  endRevoked();
  await vi.waitFor(() => expect(told).toEqual(['assigned', 'revoked', 'revoked ended', 'assigned']));
});
