import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const children: ChildProcess[] = [];
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'colloquy-runner-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  stdout(): string;
  stderr(): string;
  /** Lines of the log, parsed. */
  events(): readonly Record<string, unknown>[];
  /** Address of HTTP. */
  url(): Promise<string>;
}

function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['--import', loader, join(here, 'main.ts'), ...args], {
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '', TSX_TSCONFIG_PATH: resolve(here, '../../../tsconfig.json'), ...env },
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const exit = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
  const events = () => stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  const url = () =>
    expect
      .poll(() => events().find(({ event }) => event === 'runner.listening')?.['url'] ?? child.exitCode, { timeout: 40_000, interval: 50 })
      .toMatch(/^http:/)
      .then(() => String(events().find(({ event }) => event === 'runner.listening')?.['url']));
  return { child, exit, stdout: () => stdout, stderr: () => stderr, events, url };
}

const sound = 'pipeline: [identify-language@1, extract-entities@1]\nhttp: { port: 0 }\ndelivery: { drainMs: 5000 }\n';
const config = (text: string) => writeFile(join(dir, 'colloquy.yaml'), text);
const post = (url: string, body: unknown) => fetch(`${url}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const get = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;
const ready = (url: string) => expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 20_000, interval: 50 }).toBe(200);

describe('the runner', { timeout: 120_000 }, () => {
  it('refuses a bad configuration with exit code 78 and tells every problem at once, touching nothing', async () => {
    await config('http: { port: nowhere }\nhtpp: {}\nsource: { kind: kafka, brokers: "${NO_SUCH_BROKERS}" }\npipeline: [identify-language@1: { cod: x }, clasify-intent@1]\n');
    const { exit, stderr } = start([]);
    expect(await exit).toBe(78);
    expect(stderr()).toContain('5 problems');
    for (const [code, where] of [
      ['CONFIG_VARIABLE_MISSING', 'NO_SUCH_BROKERS'],
      ['CONFIG_INVALID', 'http.port'],
      ['CONFIG_INVALID', 'htpp'],
      ['STAGE_OPTION_INVALID', 'option cod'],
      ['CONFIG_STAGE_UNKNOWN', 'clasify-intent@1'],
    ]) {
      expect(stderr()).toMatch(new RegExp(`${code} .*${where}`));
    }
    expect(stderr()).not.toMatch(/^\s+at /m);
    expect(await readdir(dir)).toEqual(['colloquy.yaml']);
  });

  it('tells a named configuration that is not there, and arguments it does not know', async () => {
    const missing = start([], { COLLOQUY_CONFIG: 'nowhere.yaml' });
    expect(await missing.exit).toBe(78);
    expect(missing.stderr()).toContain('CONFIG_NOT_FOUND');
    const unknown = start(['--confg', 'x']);
    expect(await unknown.exit).toBe(2);
    expect(unknown.stderr()).toContain('Usage: colloquy-runner');
  });

  it('tells a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    await config(`${sound.replace('port: 0', `port: ${(server.address() as AddressInfo).port}`)}`);
    const { exit, stderr } = start([]);
    expect(await exit).toBe(78);
    expect(stderr()).toContain('HTTP_LISTEN_FAILED');
    server.close();
  });

  it('becomes ready, stores what comes over HTTP, and drains on SIGTERM without losing any', async () => {
    await config(sound);
    const first = start([]);
    const url = await first.url();
    await ready(url);
    expect((await post(url, { id: 'm-0', conversationId: 'c-0', text: 'Please call me at +52 55 5555 0101' })).status).toBe(202);
    await expect.poll(async () => (await fetch(`${url}/messages/m-0`)).status, { timeout: 10_000 }).toBe(200);
    expect(await get(`${url}/messages/m-0`)).toMatchObject({ ann: { language: { code: 'en' }, entities: { items: [{ type: 'phone', value: { e164: '+525555550101' } }] } } });

    const messages = Array.from({ length: 1_000 }, (_, index) => ({ id: `m-${index + 1}`, conversationId: `c-${index % 20}`, text: `mensaje número ${index}, nos vemos mañana` }));
    expect((await post(url, messages)).status).toBe(202);
    const askedAt = Date.now();
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    expect(Date.now() - askedAt).toBeLessThan(10_000);
    expect(first.events().at(-1)).toMatchObject({ event: 'runner.stopped' });
    expect(first.stdout()).not.toContain('mensaje número');

    const second = start(['--config', 'colloquy.yaml']);
    const again = await second.url();
    const counts = async () => {
      const { items } = (await get(`${again}/conversations?limit=100`)) as { items: { counts: { messages: number } }[] };
      return items.reduce((sum, item) => sum + item.counts.messages, 0);
    };
    await expect.poll(counts, { timeout: 30_000, interval: 200 }).toBe(1_001);
    second.child.kill('SIGINT');
    expect(await second.exit).toBe(0);
  });

  it('says not ready while its database cannot be reached, stays up, and drains', async () => {
    await config(`${sound}store: { kind: mongodb, uri: "mongodb://127.0.0.1:1/?directConnection=true&serverSelectionTimeoutMS=200" }\n`);
    const runner = start([]);
    const url = await runner.url();
    await expect.poll(() => runner.events().filter(({ event }) => event === 'runner.unreachable').length, { timeout: 20_000 }).toBeGreaterThan(1);
    const answer = await fetch(`${url}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ checks: { store: { status: 'down' } } });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await post(url, { id: 'kept', conversationId: 'c', text: 'hola' })).status).toBe(202);
    runner.child.kill('SIGTERM');
    expect(await runner.exit).toBe(0);

    await config(sound);
    const after = start([]);
    const reachable = await after.url();
    await expect.poll(async () => (await fetch(`${reachable}/messages/kept`)).status, { timeout: 20_000 }).toBe(200);
    after.child.kill('SIGTERM');
    expect(await after.exit).toBe(0);
  });

  it('reads files to their end and ends by itself', async () => {
    await writeFile(join(dir, 'in.ndjson'), '{"id":"a","conversationId":"c","text":"hola"}\n{broken\n{"id":"b","conversationId":"c","text":"hello there my friend"}\n');
    await config(`${sound}source: { kind: files, paths: [in.ndjson] }\n`);
    const batch = start([]);
    expect(await batch.exit).toBe(0);

    await config(sound);
    const look = start([]);
    const url = await look.url();
    expect(await get(`${url}/conversations/c`)).toMatchObject({ counts: { messages: 2 } });
    expect(((await get(`${url}/dead-letters`)) as { items: { code: string }[] }).items.map(({ code }) => code)).toEqual(['SOURCE_LINE_INVALID']);
    look.child.kill('SIGTERM');
    expect(await look.exit).toBe(0);
  });
});
