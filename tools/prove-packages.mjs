// Proves that what would be published works: packs every package, lints the tarballs (publint, attw), installs them in empty
// projects outside the checkout, runs the README's example as ESM and CJS on several Node versions, type-checks a consumer,
// and holds the size budgets. Needs `nx run-many -t build` first. `--sizes` prints the sizes only.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, workspacePackages } from './workspace.mjs';

const nodes = ['20', '22', '24'];
const budgets = JSON.parse(readFileSync(join(root, 'tools/size-budgets.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'colloquy-packages-'));
const failures = [];
const packages = workspacePackages().filter(({ manifest }) => !manifest.private);

step('pack', () => {
  for (const item of packages) item.tarball = pack(item);
});
step('sizes', () => {
  const over = packages.filter(({ name, tarball }) => {
    const kilobytes = Math.ceil(statSync(tarball).size / 1024);
    const budget = budgets.packedKb[name];
    console.log(`  ${name.padEnd(48)} ${String(kilobytes).padStart(6)} kB packed, budget ${budget ?? 'missing'}`);
    return !(kilobytes <= budget);
  });
  if (over.length > 0) throw new Error(`over the budget of tools/size-budgets.json: ${over.map(({ name }) => name).join(', ')}`);
});
if (!process.argv.includes('--sizes')) {
  for (const { name, tarball, manifest } of packages) {
    const profile = Object.values(manifest.exports).some((target) => target.require) ? 'node16' : 'esm-only';
    step(`publint and attw ${name}`, () => {
      exec('publint', ['run', tarball, '--strict'], root);
      exec('attw', [tarball, '--format', 'ascii', '--profile', profile], root);
    });
  }
  step('one text stage alone pulls in nothing else', oneStageAlone);
  step('README example, ESM and CJS, and a consumer of the types', readmeExample);
}
rmSync(folder, { recursive: true, force: true });
for (const line of failures) console.error(`FAILED ${line}`);
process.exit(failures.length === 0 ? 0 : 1);

function oneStageAlone() {
  const dir = emptyProject('one-stage', tarballs('@colloquy/core', '@colloquy/stages'), ['sentiment@5.0.2']);
  const found = readdirSync(join(dir, 'node_modules')).filter((name) => !name.startsWith('.')).sort();
  const expected = ['@colloquy', 'sentiment', 'zod'];
  if (found.join() !== expected.join()) throw new Error(`installed ${found.join(', ')}; expected only ${expected.join(', ')}`);
  const kilobytes = Math.ceil(folderBytes(join(dir, 'node_modules')) / 1024);
  console.log(`  ${kilobytes} kB installed, budget ${budgets.installedKb.oneTextStage}`);
  if (kilobytes > budgets.installedKb.oneTextStage) throw new Error(`${kilobytes} kB is over the budget`);
  const code = `import { pipeline } from '@colloquy/core';
    import { scoreSentiment } from '@colloquy/stages/score-sentiment';
    const doc = await pipeline().use(scoreSentiment()).enrich({ id: 'm', conversationId: 'c', text: 'I love it' });
    if (doc.ann.sentiment?.label !== 'positive') throw new Error(JSON.stringify(doc));`;
  writeFileSync(join(dir, 'run.mjs'), code);
  exec(process.execPath, ['run.mjs'], dir);
}

function readmeExample() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const code = /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1];
  const peers = /^npm install colloquy (.+)$/m.exec(readme)?.[1]?.split(' ') ?? [];
  if (code === undefined) throw new Error('README.md has no ts block');
  const dir = emptyProject('readme', tarballs(), [...peers.filter((peer) => !peer.startsWith('@colloquy/')), 'typescript@5.9.3', '@types/node@20']);
  writeFileSync(join(dir, 'example.mjs'), code);
  writeFileSync(join(dir, 'example.cjs'), toCommonJs(code));
  const outputs = nodes.flatMap((version) => {
    const node = nodeBinary(version);
    return ['example.mjs', 'example.cjs'].map((file) => {
      const printed = exec(node, [file], dir);
      console.log(`  Node ${version} ${file}: ${printed.split('\n')[0]}`);
      return printed;
    });
  });
  if (new Set(outputs).size !== 1 || outputs[0].trim() === '') throw new Error(`the outputs differ:\n${outputs.join('\n---\n')}`);
  typeCheckConsumer(dir, code);
}

function typeCheckConsumer(dir, code) {
  const merging = `import { pipeline, type Stage } from 'colloquy';
    declare module '@colloquy/core' { interface Annotations { urgency: { readonly level: 1 | 2 | 3 } } }
    declare const urgency: Stage<'language', 'urgency'>;
    // @ts-expect-error no stage before it provides language
    pipeline().use(urgency);
    export const level = async (doc: Awaited<ReturnType<ReturnType<typeof pipeline>['enrich']>>) => doc.ann.urgency?.level;`;
  for (const [name, moduleResolution, module] of [['node16', 'node16', 'node16'], ['bundler', 'bundler', 'esnext']]) {
    const options = { strict: true, noEmit: true, target: 'es2022', module, moduleResolution, types: ['node'], skipLibCheck: false, lib: ['es2023', 'esnext.disposable'] };
    for (const ending of name === 'node16' ? ['mts', 'cts'] : ['mts']) {
      const files = [`merging.${ending}`, ...(ending === 'mts' ? ['example.mts'] : [])];
      writeFileSync(join(dir, `merging.${ending}`), merging);
      writeFileSync(join(dir, 'example.mts'), code);
      writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
      exec(join(dir, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json'], dir);
    }
  }
}

/** `import { a } from 'b'` → require, and top-level await inside an async function. */
function toCommonJs(code) {
  const imports = [];
  const rest = code.replace(/^import (\{[^}]*\}) from ('[^']+');$/gm, (_, names, from) => (imports.push(`const ${names} = require(${from});`), ''));
  if (/^import /m.test(rest)) throw new Error('the README example has an import that cannot be written as require');
  return `${imports.join('\n')}\n(async () => {\n${rest}\n})().catch((error) => { console.error(error); process.exit(1); });\n`;
}

function emptyProject(name, localTarballs, fromRegistry) {
  const dir = join(folder, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name, private: true, version: '0.0.0' }));
  npm(['install', ...localTarballs, ...fromRegistry], dir);
  return dir;
}

function nodeBinary(version) {
  const dir = join(folder, `node-${version}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{"private":true}');
  npm(['install', `node@${version}`], dir);
  const binary = ['node/bin/node', `node-bin-${process.platform}-${process.arch}/bin/node`, `node-${process.platform}-${process.arch}/bin/node`].map((path) => join(dir, 'node_modules', path)).find(existsSync);
  if (binary === undefined) throw new Error(`the package node@${version} has no binary for ${process.platform}-${process.arch}`);
  return binary;
}

function tarballs(...names) {
  return packages.filter(({ name }) => names.length === 0 || names.includes(name)).map(({ tarball }) => tarball);
}

function pack({ dir, name }) {
  if (!existsSync(join(dir, 'dist'))) throw new Error(`${name} is not built. Run: npm run build`);
  const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], dir));
  return join(folder, filename.replace('@', '').replace('/', '-'));
}

function npm(args, cwd) {
  return exec('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], cwd);
}

function exec(command, args, cwd) {
  const local = join(root, 'node_modules/.bin', command);
  try {
    return execFileSync(existsSync(local) ? local : command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} exited with ${error.status}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`, { cause: error });
  }
}

function folderBytes(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).reduce((sum, entry) => (entry.isFile() ? sum + statSync(join(entry.parentPath, entry.name)).size : sum), 0);
}

function step(name, work) {
  console.log(`· ${name}`);
  try {
    work();
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
  }
}
