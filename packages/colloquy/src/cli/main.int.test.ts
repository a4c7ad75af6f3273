import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '../../../..');
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'colloquy-cli-'));
  await writeFile(join(dir, 'light.yaml'), light);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A configuration that opens fast. */
const light = 'pipeline: [identify-language@1, extract-entities@1]\nhttp: { port: 0 }\n';
const lines = [
  { id: 'a', conversationId: 'c1', at: '2026-03-02T15:04:05Z', text: 'Please call me at +52 55 5555 0101 tomorrow' },
  { id: 'b', conversationId: 'c1', at: '2026-03-02T15:04:09Z', text: '¿Cuánto cuesta la visita? Tengo $350 MXN' },
].map((message) => JSON.stringify(message));

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly stdin?: string;
  readonly env?: Record<string, string>;
  /** Sends SIGTERM once this is in what was written. */
  readonly stopAt?: RegExp;
}

function colloquy(args: readonly string[], { stdin = '', env = {}, stopAt }: Options = {}): Promise<Finished> {
  const child = spawn(process.execPath, ['--import', loader, join(here, 'main.ts'), ...args], {
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '', TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), ...env },
  });
  let stdout = '';
  let stderr = '';
  let isStopped = false;
  const look = () => {
    if (isStopped || stopAt?.test(stdout + stderr) !== true) return;
    isStopped = true;
    child.kill('SIGTERM');
  };
  child.stdout.on('data', (chunk) => ((stdout += String(chunk)), look()));
  child.stderr.on('data', (chunk) => ((stderr += String(chunk)), look()));
  child.stdin.end(stdin);
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
}

const docs = (stdout: string) => stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { id: string; text: string; ann: Record<string, unknown> });

describe('colloquy', { timeout: 120_000 }, () => {
  it('teaches by --help, and ends with 2 on wrong usage', async () => {
    const help = await colloquy(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['init', 'enrich', 'run', 'pipeline', 'doctor', 'Examples:', 'Exit codes:']) expect(help.stdout).toContain(word);
    expect((await colloquy(['enrich', '--help'])).stdout).toContain('$ colloquy enrich messages.ndjson');
    const wrong = await colloquy(['enrich', '--formt', 'x']);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('Did you mean --format?');
    expect((await colloquy(['run', '--rate', 'fast'])).code).toBe(2);
    expect((await colloquy(['frobnicate'])).code).toBe(2);
  });

  it('init writes files that work, and never overwrites', async () => {
    const first = await colloquy(['init']);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('wrote colloquy.yaml');
    const tested = await colloquy(['pipeline', 'test']);
    expect([tested.code, tested.stdout]).toEqual([0, '✓ Spanish is told\n✓ a phone number is found in its international form\n2 passed, 0 failed\n']);

    await writeFile(join(dir, 'colloquy.yaml'), '# mine');
    const again = await colloquy(['init']);
    expect(again.stdout).toContain('kept  colloquy.yaml');
    expect(await readFile(join(dir, 'colloquy.yaml'), 'utf8')).toBe('# mine');
  });
});

describe('colloquy enrich', { timeout: 120_000 }, () => {
  it('reads NDJSON files and writes one document a line, with exact spans', async () => {
    await writeFile(join(dir, 'in.ndjson'), `${lines.join('\n')}\n`);
    const { code, stdout, stderr } = await colloquy(['enrich', 'in.ndjson', '-c', 'light.yaml']);
    expect([code, stderr]).toEqual([0, '']);
    const [a, b] = docs(stdout);
    expect(a).toMatchObject({ id: 'a', ann: { language: { code: 'en' }, entities: { items: [{ type: 'phone', start: 18, end: 34, value: { e164: '+525555550101' } }, { type: 'datetime', start: 35, end: 43 }] } } });
    expect(b).toMatchObject({ id: 'b', ann: { language: { code: 'es' }, entities: { items: [{ type: 'money', start: 32, end: 40, text: '$350 MXN' }] } } });
  });

  it('reads text from standard input, and says why on request', async () => {
    const { code, stdout } = await colloquy(['enrich', '-c', 'light.yaml', '--explain'], { stdin: 'Buenas tardes, quería saber los precios\r\n\r\nSee you tomorrow morning then' });
    expect(code).toBe(0);
    const [first, second] = docs(stdout);
    expect([first?.id, first?.text, second?.id]).toEqual(['stdin:1', 'Buenas tardes, quería saber los precios', 'stdin:3']);
    expect(first?.ann['language']).toMatchObject({ code: 'es', why: { summary: expect.stringMatching(/./) } });
  });

  it('reports broken lines and files with their place, goes on, and ends with 1', async () => {
    await writeFile(join(dir, 'in.ndjson'), [lines[0], '{"id": broken', '{"id":"x"}', lines[1]].join('\n'));
    const { code, stdout, stderr } = await colloquy(['enrich', 'in.ndjson', 'nowhere.ndjson', '-', '-c', 'light.yaml'], { stdin: `${JSON.stringify({ id: 'c', conversationId: 'c1', text: 'from stdin' })}\n` });
    expect(code).toBe(1);
    expect(docs(stdout).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(stderr).toMatch(/^in\.ndjson:2 SOURCE_LINE_INVALID /m);
    expect(stderr).toMatch(/^in\.ndjson:3 MESSAGE_FIELD_MISSING /m);
    expect(stderr).toMatch(/^nowhere\.ndjson INPUT_FILE_UNREADABLE /m);
    expect(stderr).toContain('3 messages enriched, 3 problems');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('shows a view with entities marked in place, in colours where wanted', async () => {
    const plain = await colloquy(['enrich', '-c', 'light.yaml', '-f', 'view'], { stdin: `${lines[1] as string}\n` });
    expect(plain.stdout).toContain('¿Cuánto cuesta la visita? Tengo [$350 MXN]');
    expect(plain.stdout).toContain('money 350 MXN');
    const coloured = await colloquy(['enrich', '-c', 'light.yaml', '-f', 'view'], { stdin: `${lines[1] as string}\n`, env: { FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[4m\u001b[33m$350 MXN\u001b[39m\u001b[24m');
  });

  it('ends quietly when its reader has seen enough', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => JSON.stringify({ id: `m${index}`, conversationId: 'c', text: 'hola' })).join('\n');
    await writeFile(join(dir, 'many.ndjson'), many);
    const shell = spawn('sh', ['-c', `"${process.execPath}" --import "${loader}" "${join(here, 'main.ts')}" enrich many.ndjson -c light.yaml | head -1`], {
      cwd: dir,
      env: { PATH: process.env['PATH'] ?? '', TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
    });
    let stderr = '';
    shell.stderr.on('data', (chunk) => (stderr += String(chunk)));
    expect(await new Promise((done) => shell.on('close', done))).toBe(0);
    expect(stderr).toBe('');
  });
});

describe('colloquy pipeline', { timeout: 120_000 }, () => {
  it('lint tells all problems at once with 78, and the stack only with --debug', async () => {
    await writeFile(join(dir, 'bad.yaml'), 'budgetMs: slow\npipeline: [identify-language@2]\n');
    const { code, stdout, stderr } = await colloquy(['pipeline', 'lint', '-c', 'bad.yaml']);
    expect([code, stdout]).toEqual([78, '']);
    expect(stderr).toMatch(/^2 problems:\nCONFIG_INVALID budgetMs: .*\nCONFIG_STAGE_UNKNOWN pipeline\.0: .*\n$/);
    expect((await colloquy(['--debug', 'pipeline', 'lint', '-c', 'bad.yaml'])).stderr).toMatch(/^\s+at /m);
    expect((await colloquy(['pipeline', 'lint', '-c', 'nowhere.yaml'])).code).toBe(78);
  });

  it('describe prints stages with their needs and what they add', async () => {
    const { code, stdout } = await colloquy(['pipeline', 'describe', '-c', 'light.yaml']);
    expect([code, stdout]).toEqual([0, 'identify-language@1 [] -> [language]\nextract-entities@1 [] -> [entities]\n']);
  });

  it('test shows what differs and ends with 1', async () => {
    await writeFile(join(dir, 'tests.yaml'), `${light}tests:\n  - { name: wrong, text: "Buenas tardes, quería saber los precios", expect: { language: { code: en } } }\n`);
    const { code, stdout } = await colloquy(['pipeline', 'test', '-c', 'tests.yaml']);
    expect(code).toBe(1);
    expect(stdout).toBe('✗ wrong\n    language.code\n      expected "en"\n      found    "es"\n0 passed, 1 failed\n');
  });

  it('runs stages of modules of one\'s own', async () => {
    const core = pathToFileURL(join(root, 'packages/core/src/index.ts')).href;
    await writeFile(
      join(dir, 'urgency.ts'),
      `import { defineStage } from ${JSON.stringify(core)};
const anything = { '~standard': { version: 1, vendor: 'mine', validate: (value) => ({ value }) } };
export const urgency = defineStage({ id: 'urgency@1', summary: 'Is it urgent?', requires: [], provides: ['urgency'], options: anything,
  create: () => ({ process: ({ text }) => ({ urgency: { isUrgent: /urgente/i.test(text), score: 1, source: { stage: 'urgency@1' } } }) }) });\n`,
    );
    await writeFile(join(dir, 'own.yaml'), 'modules: [./urgency.ts]\npipeline: [urgency@1]\n');
    const { code, stdout } = await colloquy(['enrich', '-c', 'own.yaml'], { stdin: 'es URGENTE, se inunda la cocina\n' });
    expect(code).toBe(0);
    expect(docs(stdout)[0]?.ann).toMatchObject({ urgency: { isUrgent: true } });
  });
});

describe('colloquy doctor', { timeout: 120_000 }, () => {
  it('tells that all is there', async () => {
    const { code, stdout } = await colloquy(['doctor', '-c', 'light.yaml']);
    expect(stdout).toContain('All that is needed is there.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {3}Node +\d/m);
    expect(stdout).toMatch(/^ok {3}store +embedded answers/m);
  });

  it('tells what is wrong and what to do: configuration, broker, database', async () => {
    await writeFile(join(dir, 'bad.yaml'), 'budgetMs: slow\npipeline: [identify-language@2]\n');
    const bad = await colloquy(['doctor', '-c', 'bad.yaml']);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^FAIL pipeline +CONFIG_STAGE_UNKNOWN/m);
    expect(bad.stdout).toMatch(/^FAIL pipeline +CONFIG_INVALID budgetMs/m);

    await writeFile(join(dir, 'far.yaml'), `${light}source: { kind: kafka, brokers: ["127.0.0.1:1"] }\nstore: { kind: mongodb, uri: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300" }\n`);
    const far = await colloquy(['doctor', '-c', 'far.yaml']);
    expect(far.code).toBe(1);
    expect(far.stdout).toMatch(/^FAIL source .*\n +→ /m);
    expect(far.stdout).toMatch(/^FAIL store +STORE_UNREACHABLE .*\n +→ It is retried with backoff; check address and network\./m);
    expect(far.stdout).toContain('2 things need attention.');
  });
});

describe('colloquy run', { timeout: 120_000 }, () => {
  it('shows a file and a summary with --demo --once, and stores it', async () => {
    await writeFile(join(dir, 'in.ndjson'), `${lines.join('\n')}\n{broken\n`);
    const { code, stdout, stderr } = await colloquy(['run', '-c', 'light.yaml', '--demo', 'in.ndjson', '--once', '--rate', '50']);
    expect(code).toBe(0);
    expect(stdout).toContain('Please call me at [+52 55 5555 0101]');
    expect(stdout).toMatch(/^messages +2 in 1 conversations, in \d/m);
    expect(stdout).toMatch(/^rate +[\d.]+ messages\/s, fed at 50\/s$/m);
    expect(stdout).toMatch(/^languages +en 1 · es 1$/m);
    expect(stdout).toMatch(/^entities +datetime 1 · money 1 · phone 1$/m);
    expect(stdout).toMatch(/^faults +none$/m);
    expect(stdout).toContain(`data       ${join(dir, '.colloquy')}`);
    expect(stderr).toMatch(/^in\.ndjson:3 SOURCE_LINE_INVALID/m);
  });

  it('leaves the page open without --once, on a free port where the configured one is taken', async () => {
    await writeFile(join(dir, 'in.ndjson'), lines.join('\n'));
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout } = await colloquy(['run', '-c', 'light.yaml', '--port', String(port), '--demo', 'in.ndjson', '--rate', '0'], { stopAt: /typed by hand/ });
    server.close();
    expect(code).toBe(0);
    expect(stdout).toMatch(/The page is open for messages typed by hand: http:\/\/127\.0\.0\.1:\d+/);
    expect(stdout).not.toContain(`:${port}`);
  });

  it('runs the runner until it is asked to stop, without a configuration too', async () => {
    const { code, stdout, stderr } = await colloquy(['run', '--port', '0', '--data', 'here'], { stopAt: /^running http/m });
    expect(code).toBe(0);
    expect(stdout).toContain('"event":"runner.stopped"');
    expect(stderr).toMatch(/^running http:\/\/127\.0\.0\.1:\d+/m);
  });
});
