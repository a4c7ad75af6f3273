import { isColloquyError, type MessageInput, type Pipeline } from '@colloquy/core';
import type { Config } from '../config/config-schema.js';
import { comparePartly, type Difference } from './compare-partly.js';

export interface ConfigTestResult {
  readonly name: string;
  readonly ok: boolean;
  readonly differences: readonly Difference[];
}

/**
 * Puts the messages of `tests:` through the pipeline and compares what comes out; a message that is refused fails its test, and
 * so does one that expects something of a slot that no stage provides.
 */
export async function runConfigTests(tests: Config['tests'], pipeline: Pick<Pipeline, 'enrich' | 'stages'>): Promise<readonly ConfigTestResult[]> {
  const results: ConfigTestResult[] = [];
  for (const [index, test] of tests.entries()) {
    const differences = await runTest(test, index, pipeline);
    results.push({ name: test.name, ok: differences.length === 0, differences });
  }
  return results;
}

async function runTest(test: Config['tests'][number], index: number, pipeline: Pick<Pipeline, 'enrich' | 'stages'>): Promise<readonly Difference[]> {
  const slots = pipeline.stages.flatMap(({ provides }) => provides as readonly string[]);
  const unknown = Object.keys(test.expect).filter((slot) => !slots.includes(slot));
  if (unknown.length > 0) return unknown.map((slot) => ({ path: slot, expected: `a slot this pipeline fills (${slots.join(', ')})`, found: 'a slot that no stage provides' }));
  const message = { id: `test-${index + 1}`, conversationId: `test-${index + 1}`, ...(test.message ?? { text: test.text }) };
  try {
    const doc = await pipeline.enrich(message as MessageInput);
    const codes = doc.faults.map(({ code }) => code);
    const sameFaults = JSON.stringify([...codes].sort()) === JSON.stringify([...test.faults].sort());
    return [
      ...comparePartly(test.expect, doc.ann),
      ...(sameFaults ? [] : [{ path: 'faults', expected: JSON.stringify(test.faults), found: JSON.stringify(codes) }]),
    ];
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    return [{ path: 'message', expected: 'a message', found: `${error.code} ${error.message}` }];
  }
}
