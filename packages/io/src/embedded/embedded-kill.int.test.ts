import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { summaryOf } from '@colloquy/core';
import { minuteAt, storedMessage } from '@colloquy/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbedded } from './open-embedded.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let dir: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colloquy-kill-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(dir, { recursive: true });
});

/** Appends and saves message after message, and prints each number that is durable. */
const writer = (folder: string) => `
  import { openEmbedded } from ${JSON.stringify(fileURLToPath(new URL('./open-embedded.ts', import.meta.url)))};
  import { minuteAt, storedMessage } from '@colloquy/testing/stored-message';
  const embedded = await openEmbedded({ dir: ${JSON.stringify(folder)}, partitions: 1 });
  for (let n = 0; ; n++) {
    const value = new TextEncoder().encode(String(n));
    await Promise.all([
      embedded.inbound.append([{ key: 'k', value, headers: {} }]),
      embedded.store.save([storedMessage({ id: 'm-' + n, at: minuteAt(n) })]),
    ]);
    console.log(n);
  }
`.replace('@colloquy/testing/stored-message', fileURLToPath(new URL('../../../testing/src/stored-message.ts', import.meta.url)));

it('keeps the folder for one process, frees it when that is killed, and loses nothing it has confirmed', async () => {
  child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', writer(dir)], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child?.once('exit', resolve));
  let confirmed = -1;
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      confirmed = Number(line);
      if (confirmed === 200) resolve();
    });
  });
  await expect(openEmbedded({ dir })).rejects.toMatchObject({ code: 'STORE_IN_USE' });
  child.kill('SIGKILL');
  await exited;

  const embedded = await openEmbedded({ dir });
  const read: string[] = [];
  const source = embedded.source();
  await source.run({
    assigned: async () => undefined,
    revoked: async () => undefined,
    records: async (records) => {
      read.push(...records.map(({ value }) => new TextDecoder().decode(value)));
      if (read.length > confirmed) await source.stop();
    },
  });
  expect(read.slice(0, confirmed + 1)).toEqual(Array.from({ length: confirmed + 1 }, (_, n) => String(n)));

  const messages = Array.from({ length: confirmed + 1 }, (_, n) => storedMessage({ id: `m-${n}`, at: minuteAt(n) }));
  for (const { id } of messages.slice(-5)) expect(await embedded.store.message(id)).toBeDefined();
  const counted = (await embedded.store.conversation('conversation-1'))?.counts.messages ?? 0;
  expect([confirmed + 1, confirmed + 2]).toContain(counted);
  await embedded.store.save(messages);
  const after = await embedded.store.conversation('conversation-1');
  expect(after?.counts.messages).toBe(counted);
  if (counted === messages.length) expect(after).toEqual(summaryOf(messages));
  await embedded.close();
});
