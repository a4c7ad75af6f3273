// One build for all packages: ESM, CJS and types of every entry point that package.json exports, and of its commands.
import { join, relative } from 'node:path';
import { defineConfig } from 'tsup';
import { workspacePackages } from './workspace.mjs';

const here = process.cwd();
const { entries, manifest } = workspacePackages().find(({ dir }) => dir === here);
const keyOf = (source) => relative(join(here, 'src'), source).replace(/\.ts$/, '');
const library = Object.fromEntries(entries.map(({ source }) => [keyOf(source), source]));
const commands = Object.fromEntries(
  Object.values(manifest.bin ?? {}).map((dist) => {
    const key = dist.replace('./dist/', '').replace(/\.js$/, '');
    return [key, join(here, 'src', `${key}.ts`)];
  }),
);
// A package whose exports have no `require` condition is ES modules only.
const hasCommonJs = Object.values(manifest.exports ?? {}).some((target) => target?.require);
const withTypes = !process.argv.includes('--no-dts');
const shared = { target: 'node20', platform: 'node', sourcemap: false, treeshake: false, shims: true, clean: false };
// Splitting CommonJS would turn `import()` into `require`, which does not find peers that are ES modules only.
const modules = { ...shared, format: ['esm'], splitting: true };
const commonJs = { ...shared, format: ['cjs'], splitting: false };
const types = { ...shared, format: hasCommonJs ? ['esm', 'cjs'] : ['esm'], dts: { only: true, compilerOptions: { incremental: false, composite: false } } };

export default defineConfig([
  ...(Object.keys(library).length > 0 ? [modules, ...(hasCommonJs ? [commonJs] : []), ...(withTypes ? [types] : [])].map((build) => ({ ...build, entry: library })) : []),
  ...(Object.keys(commands).length > 0 ? [{ ...modules, entry: commands }] : []),
]);
