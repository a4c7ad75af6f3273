import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { colloquyError } from '@colloquy/core';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-api-parts.js';

/** GET / answers the page, where it has been built. */
export async function addPage(app: FastifyInstance, { options }: HttpContext): Promise<void> {
  if (!existsSync(join(options.pageDir, 'page.html'))) {
    app.get('/', { schema: { hide: true } }, () => {
      throw colloquyError('HTTP_NOT_FOUND', { what: 'built page' });
    });
    return;
  }
  await app.register(fastifyStatic, { root: options.pageDir, index: 'page.html', wildcard: false, cacheControl: false });
}

/** Where the build puts the page: beside this code when bundled, else in the dist folder of the sources. */
export function builtPageDir(): string {
  const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  const beside = join(here, 'page');
  return existsSync(join(beside, 'page.html')) ? beside : join(here, '../../dist/page');
}
