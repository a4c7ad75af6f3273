import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { root } from './workspace.mjs';

/** Plants an import in a file that is never written and asks the real lint configuration about it. */
async function messagesFor(filePath: string, code: string): Promise<string[]> {
  const [result] = await new ESLint({ cwd: root }).lintText(code, { filePath });
  return (result?.messages ?? []).filter(({ ruleId, message }) => ruleId?.startsWith('no-restricted-') && message.includes('Layer law')).map(({ message }) => message);
}

describe('the layer law', () => {
  it.each([
    ['packages/core/src/canary.ts', `import { x } from '@colloquy/stages/classify-intent'; x();`],
    ['packages/stages/src/canary.ts', `import { x } from '@colloquy/io/kafka'; x();`],
    ['packages/stages/src/canary.ts', `import type { Kafka } from 'kafkajs'; export type X = Kafka;`],
    ['packages/io/src/canary.ts', `import { x } from '@colloquy/stages/classify-intent'; x();`],
    ['packages/stream/src/canary.ts', `import type { X } from '@colloquy/contracts'; export type Y = X;`],
    ['packages/runtime/src/canary.ts', `import { MongoClient } from 'mongodb'; new MongoClient('');`],
    ['packages/runtime/src/canary.ts', `import { x } from 'colloquy'; x();`],
    ['packages/runtime/src/canary.ts', `export { x } from '@colloquy/runner';`],
    ['packages/stages/src/canary.ts', `import { x } from '../../core/src/doc.js'; x();`],
    ['packages/core/src/canary.ts', `import { x } from '@colloquy/testing'; x();`],
    ['packages/stages/src/canary.ts', `export const x = await import('@colloquy/io/kafka');`],
    ['packages/runtime/src/canary.ts', `export const load = () => import('mongodb');`],
    ['packages/core/src/canary.ts', `export const load = () => import('../../io/src/files/index.js');`],
  ])('catches a violation planted in %s: %s', async (file, code) => {
    expect(await messagesFor(file, code)).not.toEqual([]);
  });

  it.each([
    ['packages/stages/src/canary.ts', `import type { Doc } from '@colloquy/core'; export type X = Doc;`],
    ['packages/io/src/canary.ts', `import { Kafka } from 'kafkajs'; new Kafka({ brokers: [] });`],
    ['packages/io/src/canary.ts', `export const load = () => import('mongodb');`],
    ['packages/stages/src/canary.test.ts', `import { stageSuite } from '@colloquy/testing'; stageSuite();`],
  ])('allows %s: %s', async (file, code) => {
    expect(await messagesFor(file, code)).toEqual([]);
  });
});
