// Writes docs/reference/errors.md from the error table; `--check` only compares and exits 1 on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './workspace.mjs';

const bundle = await build({ entryPoints: [join(root, 'packages/core/src/errors/error-table.ts')], bundle: true, write: false, format: 'esm' });
const { errorTable } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`);
const file = join(root, 'docs/reference/errors.md');
const rows = Object.entries(errorTable).map(([code, { kind, text }]) => `| \`${code}\` | ${kind} | ${text.replaceAll('|', '\\|')} |`);
const page = `# Errors

Every error that Colloquy raises by itself. The kind decides what happens to the message: \`input\` goes to the dead letters,
\`config\` refuses to start (exit code 78), \`transient\` parks the conversation and retries, \`fault\` is noted on the message, which goes on,
\`bug\` goes to the dead letters with its stack. \`{name}\` stands for a detail of the case.

| code | kind | text |
|---|---|---|
${rows.join('\n')}
`;
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== page) {
    console.error('docs/reference/errors.md differs from the error table. Run: node tools/write-errors-reference.mjs');
    process.exitCode = 1;
  }
} else writeFileSync(file, page);
