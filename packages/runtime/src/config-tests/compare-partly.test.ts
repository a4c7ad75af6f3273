import { describe, expect, it } from 'vitest';
import { comparePartly } from './compare-partly.js';

describe('comparePartly', () => {
  it.each([
    [{ code: 'es' }, { code: 'es', score: 1 }],
    [{ score: '>= 0.5' }, { score: 0.5 }],
    [{ score: '< 0' }, { score: -0.1 }],
    [null, undefined],
    [{ items: [{ type: 'phone' }, { type: 'url' }] }, { items: [{ type: 'phone', start: 0 }, { type: 'date' }, { type: 'url' }] }],
    [{}, { anything: 1 }],
  ])('%j is in %j', (expected, actual) => {
    expect(comparePartly(expected, actual)).toEqual([]);
  });

  it.each([
    [{ code: 'es' }, { code: 'en' }, { path: 'code', expected: '"es"', found: '"en"' }],
    [{ a: { b: 1 } }, { a: {} }, { path: 'a.b', expected: '1', found: 'nothing' }],
    [{ score: '> 0.5' }, { score: 0.5 }, { path: 'score', expected: '"> 0.5"', found: '0.5' }],
    [{ intent: null }, { intent: { name: 'x' } }, { path: 'intent', expected: 'nothing', found: '{"name":"x"}' }],
    [{ items: [{ t: 'b' }, { t: 'a' }] }, { items: [{ t: 'a' }, { t: 'b' }] }, { path: 'items.1', expected: '{"t":"a"}', found: '[]' }],
    [{ items: [1] }, { items: 1 }, { path: 'items', expected: '[1]', found: '1' }],
    [{ a: { b: 1 } }, { a: [1] }, { path: 'a', expected: '{"b":1}', found: '[1]' }],
  ])('%j is not in %j', (expected, actual, difference) => {
    expect(comparePartly(expected, actual)).toEqual([difference]);
  });
});
