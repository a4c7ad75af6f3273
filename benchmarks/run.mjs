// npm run bench [-- NAME …]: runs the benchmarks, prints their tables and writes benchmarks/results/NAME.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { circumstances } from './circumstances.mjs';

const known = { pipeline: './pipeline.mjs', runner: './runner.mjs' };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in known));
if (unknown.length > 0) {
  console.error(`Found no benchmark ${unknown.join(', ')}; expected some of ${Object.keys(known).join(', ')}.`);
  process.exit(2);
}
const results = join(import.meta.dirname, 'results');
mkdirSync(results, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(known)) {
  const { benchmark } = await import(known[name]);
  const rows = await benchmark();
  const where = circumstances();
  console.log(`\n${name} — Node ${where.node}, ${where.cpus} × ${where.cpu}, commit ${where.commit}`);
  console.table(rows);
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ ...where, rows }, null, 2)}\n`);
}
process.exit(0);
