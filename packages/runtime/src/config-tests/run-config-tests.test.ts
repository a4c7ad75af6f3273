import { ColloquyError, defineStage, pipeline } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../config/config-schema.js';
import { runConfigTests } from './run-config-tests.js';

const shouting = defineStage({
  id: 'shouting@1',
  summary: 'Capitals are anger.',
  requires: [],
  provides: ['sentiment'],
  options: z.strictObject({}),
  create: () => ({
    process: ({ text }) => {
      if (text === 'boom') throw new ColloquyError({ code: 'BOOM', kind: 'fault', message: 'boom' });
      const score = text === text.toUpperCase() ? -1 : 0;
      return { sentiment: { label: score < 0 ? 'negative' : 'neutral', score, intensity: -score, source: { stage: 'shouting@1' } } };
    },
  }),
});

describe('runConfigTests', () => {
  it('tells which tests hold and what differs in the others', async () => {
    const { tests } = configSchema.parse({
      tests: [
        { name: 'angry', text: 'QUIERO MI DINERO', expect: { sentiment: { label: 'negative', score: '< 0' } } },
        { name: 'wrong', message: { text: 'gracias', channel: 'sms' }, expect: { sentiment: { label: 'positive' } } },
        { name: 'fault wanted', text: 'boom', expect: { sentiment: null }, faults: ['BOOM'] },
        { name: 'fault unwanted', text: 'boom' },
        { name: 'misspelt slot', text: 'hola', expect: { sentimient: null } },
        { name: 'no message', message: { txt: 'x' } },
      ],
    });
    const results = await runConfigTests(tests, pipeline().use(shouting()));
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([['angry', true], ['wrong', false], ['fault wanted', true], ['fault unwanted', false], ['misspelt slot', false], ['no message', false]]);
    expect(results[1]?.differences).toEqual([{ path: 'sentiment.label', expected: '"positive"', found: '"neutral"' }]);
    expect(results[3]?.differences).toEqual([{ path: 'faults', expected: '[]', found: '["BOOM"]' }]);
    expect(results[4]?.differences).toEqual([{ path: 'sentimient', expected: 'a slot this pipeline fills (sentiment)', found: 'a slot that no stage provides' }]);
    expect(results[5]?.differences[0]?.found).toContain('MESSAGE_FIELD_UNKNOWN');
  });
});
