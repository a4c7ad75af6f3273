import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Ports of 127.0.0.1 that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listening()));
  return Promise.all(servers.map(({ port, close }) => close().then(() => port)));
}

/** Tries until `attempt` answers or the time is up; then throws the last error. `isGone` ends the wait early. */
export async function answering<T>(attempt: () => Promise<T>, options: { readonly timeoutMs: number; readonly isGone: () => string | undefined }): Promise<T> {
  const until = Date.now() + options.timeoutMs;
  for (;;) {
    const gone = options.isGone();
    if (gone !== undefined) throw new Error(gone);
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await delay(150);
  }
}

function listening(): Promise<{ readonly port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
