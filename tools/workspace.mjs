// The packages of the workspace and their entry points, read from each package.json: `exports` → dist/x.js ↔ src/x.ts.
// tsup, vitest, tsc and the checks all take their view of the workspace from here.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** All workspace packages: { name, dir (absolute), manifest, entries: [{ subpath, source (absolute), dist }] }. */
export function workspacePackages() {
  const patterns = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces;
  return patterns.flatMap(expand).map((dir) => {
    const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    return { name: manifest.name, dir, manifest, entries: entriesOf(dir, manifest) };
  });
}

/** [specifier, absolute source file] of every entry point, most specific first. */
export function sourceAliases() {
  return workspacePackages()
    .flatMap(({ name, entries }) => entries.map(({ subpath, source }) => [name + subpath.slice(1), source]))
    .sort(([a], [b]) => b.length - a.length);
}

/** compilerOptions.paths for the type check of the whole workspace. */
export function sourcePaths() {
  return Object.fromEntries(sourceAliases().sort().map(([specifier, source]) => [specifier, [`./${relative(root, source)}`]]));
}

function entriesOf(dir, manifest) {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    const dist = target?.import?.default;
    if (typeof dist !== 'string' || !dist.startsWith('./dist/')) return [];
    return [{ subpath, dist, source: join(dir, dist.replace('./dist/', 'src/').replace(/\.js$/, '.ts')) }];
  });
}

function expand(pattern) {
  const parts = pattern.split('/');
  let dirs = [root];
  for (const part of parts) dirs = dirs.flatMap((dir) => (part === '*' ? childFolders(dir) : [join(dir, part)]));
  return dirs.filter((dir) => existsSync(join(dir, 'package.json')));
}

function childFolders(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(dir, entry.name)).sort();
}
