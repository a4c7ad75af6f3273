// Bundles src/page into one folder that the HTTP API can serve: page.html, page.css, page.js, icon.svg.
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('./src/page', import.meta.url));

export async function buildPage(targetDir: string): Promise<void> {
  await mkdir(targetDir, { recursive: true });
  await build({ entryPoints: [join(source, 'page.ts')], bundle: true, format: 'iife', platform: 'browser', target: 'es2022', minify: true, legalComments: 'none', outfile: join(targetDir, 'page.js'), logLevel: 'warning' });
  for (const file of ['page.html', 'page.css', 'icon.svg']) await cp(join(source, file), join(targetDir, file));
}
