import { createServer, type Server } from 'node:http';
import type { TestProject } from 'vitest/node';
import { addressVariables, type Service, type ServiceName } from './service.js';
import { startKafka } from './start-kafka.js';
import { startMongodb } from './start-mongodb.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where needsService asks for a service. */
    servicesUrl: string;
  }
}

/** What a test file is told: where the service is, or why there is none. */
export type ServiceAnswer = { readonly address: string } | { readonly reason: string };

const starters: Record<ServiceName, () => Promise<Service>> = { kafka: startKafka, mongodb: startMongodb };

/** Services start when the first test file asks for them, once for the whole run, and end with it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<ServiceName, Promise<Service>>();
  const answer = async (name: ServiceName): Promise<ServiceAnswer> => {
    const given = process.env[addressVariables[name]];
    if (given !== undefined && given !== '') return { address: given };
    if (!started.has(name)) started.set(name, starters[name]());
    return (started.get(name) as Promise<Service>).then(({ address }) => ({ address }), (error: Error) => ({ reason: error.message }));
  };
  const server = createServer((request, response) => {
    const name = request.url?.slice(1);
    if (name !== 'kafka' && name !== 'mongodb') return void response.writeHead(404).end();
    void answer(name).then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)));
  });
  project.provide('servicesUrl', await listen(server));
  return async () => {
    server.closeAllConnections();
    server.close();
    await Promise.all([...started.values()].map((service) => service.then(({ stop }) => stop(), () => undefined)));
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}
