import { request } from 'node:http';
import { inject } from 'vitest';
import type { ServiceAnswer } from './global-setup.js';
import type { Service, ServiceName } from './service.js';
import { startKafka } from './start-kafka.js';
import { startMongodb } from './start-mongodb.js';

/** A service, or `isAbsent` for `describe.skipIf`. */
export interface NeededService {
  readonly isAbsent: boolean;
  /** `host:port` of a broker, or a connection string; several brokers are separated by commas. Empty where it is absent. */
  readonly address: string;
}

/**
 * The service that all test files of the run share, started now if it is the first to ask. Await it at the top level of an
 * `*.int.test.ts` file and use topics and databases of your own:
 *
 *     const kafka = await needsService('kafka');
 *     describe.skipIf(kafka.isAbsent)('…', () => { … kafka.address.split(',') … });
 *
 * Where it cannot be had, it prints the reason and the tests are skipped; with CI=true it throws, so that they never pass by
 * not running.
 */
export async function needsService(name: ServiceName): Promise<NeededService> {
  const answer = await ask(`${inject('servicesUrl')}/${name}`);
  return 'address' in answer ? { isAbsent: false, address: answer.address } : absent(name, answer.reason);
}

/** A service of this test file alone, which it may pause and restart, and must stop. `undefined` where it cannot be had, as above. */
export async function ownService(name: ServiceName): Promise<Service | undefined> {
  try {
    return await (name === 'kafka' ? startKafka() : startMongodb());
  } catch (error) {
    absent(name, (error as Error).message);
    return undefined;
  }
}

function absent(name: ServiceName, reason: string): NeededService {
  if (process.env['CI'] === 'true') throw new Error(`Found no ${name} service (${reason}); with CI=true these tests must run.`);
  console.warn(`Skipped: no ${name} service (${reason}). See docs/guides/kafka-and-mongodb.md.`);
  return { isAbsent: true, address: '' };
}

/** Without a time limit: the first start ever downloads the service. */
function ask(url: string): Promise<ServiceAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(JSON.parse(body) as ServiceAnswer));
    });
    asked.once('error', reject).end();
  });
}
