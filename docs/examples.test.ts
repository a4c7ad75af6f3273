import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format } from 'node:util';
import ts from 'typescript';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { root } from '../tools/workspace.mjs';

/*
 * Every `ts` block of the README and of docs/ is type-checked and run as a module of its own. A comment `// → text` in a block
 * is what the console.log of that line must print. Blocks marked `ts service` need a service: they are type-checked only,
 * and the guides' integration tests run their like.
 */
interface Example {
  readonly name: string;
  readonly file: string;
  readonly code: string;
  readonly runs: boolean;
}

const folder = join(root, '.cache', `docs-examples-${process.pid}`);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const examples = markdownFiles().flatMap(examplesOf);

describe('examples in the docs', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it('compile', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: object };
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] , files: examples.map(({ file }) => file) }, ts.sys, root);
    const program = ts.createProgram(examples.map(({ file }) => file), { ...options, noUnusedLocals: false, noEmit: true });
    const problems = ts.getPreEmitDiagnostics(program).filter((found) => found.file?.fileName.startsWith(folder));
    expect(problems.map((found) => `${examples.find(({ file }) => file === found.file?.fileName)?.name}: ${ts.flattenDiagnosticMessageText(found.messageText, '\n')}`)).toEqual([]);
  }, 60_000);

  it.each(examples.filter(({ runs }) => runs))('$name prints what it says', async ({ file, code }) => {
    const printed: string[] = [];
    const spy = vi.spyOn(console, 'log').mockImplementation((...args: unknown[]) => void printed.push(format(...args)));
    try {
      await import(file);
    } finally {
      spy.mockRestore();
    }
    const expected = [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]?.trim());
    if (expected.length > 0) expect(printed).toEqual(expected);
  }, 30_000);
});

function markdownFiles(): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return [join(root, 'README.md'), ...docs.map((name) => join(root, 'docs', name))];
}

function examplesOf(markdown: string): Example[] {
  const name = relative(root, markdown);
  return [...readFileSync(markdown, 'utf8').matchAll(/^```ts( service)?\n([\s\S]*?)^```$/gm)].map(([, service, code = ''], index) => {
    const file = join(folder, `${name.replace(/\W+/g, '-')}-${index + 1}.ts`);
    writeFileSync(file, `${code}\nexport {};\n`);
    return { name: `${name} #${index + 1}`, file, code, runs: service === undefined };
  });
}
