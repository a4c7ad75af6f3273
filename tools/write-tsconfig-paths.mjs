// Writes tsconfig.json, whose paths let the type check of the whole workspace read sources instead of built files.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourcePaths } from './workspace.mjs';

const config = {
  extends: './tsconfig.base.json',
  compilerOptions: { noEmit: true, allowImportingTsExtensions: false, paths: sourcePaths() },
  include: ['packages/*/src', 'apps/*/src', 'models/*/*/src', 'docs', 'tools/**/*.ts', 'vitest.config.ts'],
};
writeFileSync(join(root, 'tsconfig.json'), `${JSON.stringify(config, null, 2)}\n`);
