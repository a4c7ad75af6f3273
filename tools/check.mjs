// npm run check: the whole gate but the tests that need services. Every step runs; the exit code tells whether all passed.
import { bin, run } from './setup.mjs';

const steps = [
  ['workspace paths', 'node', ['tools/write-tsconfig-paths.mjs', '--check']],
  ['lint and layers', bin('eslint'), ['.', '--max-warnings', '0']],
  ['lint: no import cycles', bin('dpdm'), ['--no-progress', '--no-warning', '--no-tree', '--exit-code', 'circular:1', 'packages/*/src/**/*.ts', 'apps/*/src/**/*.ts']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types of the page', bin('tsc'), ['-p', 'packages/runtime/src/page', '--noEmit']],
  ['generated: errors', 'node', ['tools/write-errors-reference.mjs', '--check']],
  ['generated: reference', 'node', ['tools/generate-reference.mjs', '--check']],
  ['generated: model', 'node', ['tools/train-intent-nlpjs.mjs', '--check']],
  ['unused code', bin('knip'), ['--no-progress']],
  ['unit tests, docs', bin('vitest'), ['run', '--project', 'unit']],
];
const only = process.argv.slice(2);
const results = [];
for (const [name, command, args] of steps) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  console.log(`\n— ${name}`);
  results.push([name, run(command, args, { may: true })]);
}
console.log();
for (const [name, code] of results) console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
process.exit(results.some(([, code]) => code !== 0) ? 1 : 0);
