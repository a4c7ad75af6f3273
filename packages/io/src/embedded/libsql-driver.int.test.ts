import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('says what to install where libsql is not installed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'colloquy-no-libsql-'));
  const bundle = join(dir, 'driver.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./libsql-driver.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['libsql'],
    logLevel: 'error',
  });
  const program = `import { libsqlDriver } from ${JSON.stringify(pathToFileURL(bundle).href)};
    await libsqlDriver().catch(({ code, kind, message }) => console.log(JSON.stringify({ code, kind, message })));`;
  const answer = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: dir, encoding: 'utf8' });
  rmSync(dir, { recursive: true });
  expect(JSON.parse(answer)).toEqual({ code: 'CONFIG_ADAPTER_MISSING', kind: 'config', message: expect.stringMatching(/libsql, which is not installed\. Run: npm install libsql$/) as unknown });
});
