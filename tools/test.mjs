// npm test: installs what is missing, provisions what it can, and runs every check and every test.
// Its last line is `N passed, N failed`, with `, N skipped` where tests were skipped; each skip prints its reason.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, installMissing, requireNode, run } from './setup.mjs';

requireNode();
installMissing();
const { provisionTools } = await import('./provision.mjs');
provisionTools();

const folder = mkdtempSync(join(tmpdir(), 'colloquy-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

/** A step that is one check: passes or fails as a whole. */
function check(name, command, args) {
  console.log(`\n— ${name}`);
  const ok = run(command, args, { may: true, env: { NX_TUI: 'false' } }) === 0;
  totals[ok ? 'passed' : 'failed'] += 1;
  if (!ok) console.log(`FAILED: ${name}`);
}

/** A vitest project, counted test by test. */
function tests(project) {
  console.log(`\n— tests: ${project}`);
  const report = join(folder, `${project}.json`);
  const code = run(bin('vitest'), ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], { may: true });
  let counted;
  try {
    counted = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    counted = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  }
  const broken = counted.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed')).length;
  totals.passed += counted.numPassedTests;
  totals.failed += Math.max(counted.numFailedTests + broken, code === 0 ? 0 : 1);
  totals.skipped += counted.numPendingTests + (counted.numTodoTests ?? 0);
}

check('lint, types, generated files, unused code', 'node', ['tools/check.mjs', 'workspace', 'lint', 'types', 'generated', 'unused']);
tests('unit');
check('build', bin('nx'), ['run-many', '-t', 'build', '--outputStyle=static']);
check('packages: pack, install elsewhere, use', 'node', ['tools/prove-packages.mjs']);
tests('int');
rmSync(folder, { recursive: true, force: true });

console.log(`\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`);
process.exit(totals.failed === 0 ? 0 : 1);
