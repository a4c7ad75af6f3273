// Writes tsconfig.json, whose paths let the type check of the whole workspace read sources instead of built files.
// `--check` only compares and exits 1 on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourcePaths } from './workspace.mjs';

const config = {
  extends: './tsconfig.base.json',
  compilerOptions: { noEmit: true, allowImportingTsExtensions: false, paths: sourcePaths() },
  include: ['packages/*/src', 'apps/*/src', 'models/*/*/src', 'docs', 'fixtures', 'tools/**/*.ts', 'vitest.config.ts'],
  // Has the types of the browser, which the rest must not see, and so a tsconfig of its own.
  exclude: ['packages/runtime/src/page'],
};
const file = join(root, 'tsconfig.json');
const text = `${JSON.stringify(config, null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('tsconfig.json differs from the entry points of the packages. Run: node tools/write-tsconfig-paths.mjs');
  process.exitCode = 1;
}
