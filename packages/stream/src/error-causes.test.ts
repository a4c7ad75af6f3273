import { colloquyError } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { errorCauses, fingerprintOf } from './error-causes.js';

const secret = 'call me at 5215550001234';

function breakHere(message: string): Error {
  return new TypeError(message);
}

describe('errorCauses', () => {
  it('keeps names, codes and frames of the whole chain, outermost first', () => {
    const causes = errorCauses(colloquyError('STAGE_FAILED', { stage: 'x@1' }, breakHere('boom')));
    expect(causes.map(({ name, code }) => [name, code])).toEqual([['ColloquyError', 'STAGE_FAILED'], ['TypeError', undefined]]);
    expect(causes[1]?.stack).toMatch(/^at breakHere \(.*error-causes\.test\.ts:\d+:\d+\)/);
  });

  it('keeps nothing of the texts, whatever they look like', () => {
    const nasty = [secret, `${secret}\n    at ${secret} (file.js:1:2)`, `x\n\n${secret}`, `Error: ${secret}\n    at f (a.js:1:1)`];
    for (const message of nasty) {
      const error = new Error(message, { cause: new RangeError(message, { cause: { toString: () => secret } }) });
      expect(JSON.stringify(errorCauses(error))).not.toContain('5215550001234');
    }
    const renamed = Object.assign(new Error('x'), { name: secret, code: secret });
    expect(JSON.stringify(errorCauses(renamed))).not.toContain('5215550001234');
  });

  it('ends at a circle, and names what is no error', () => {
    const a: Error & { cause?: unknown } = new Error('a');
    const b = new Error('b', { cause: a });
    a.cause = b;
    expect(errorCauses(a).length).toBe(2);
    expect(errorCauses('text')).toEqual([{ name: 'thrown string' }]);
    expect(errorCauses(undefined)).toEqual([]);
  });
});

describe('fingerprintOf', () => {
  const print = (stage: string | undefined, error: unknown) => fingerprintOf(stage, errorCauses(error));
  const elsewhere = (message: string) => new TypeError(message);

  it('is equal for failures of one sort', () => {
    expect(print('a@1', breakHere('one'))).toBe(print('a@1', breakHere('two')));
    expect(print('a@1', breakHere('one'))).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differs by stage, code and place', () => {
    const prints = [
      print('a@1', breakHere('x')),
      print('b@1', breakHere('x')),
      print(undefined, breakHere('x')),
      print('a@1', elsewhere('x')),
      print('a@1', colloquyError('STORE_UNREACHABLE')),
      print('a@1', colloquyError('DELIVERY_BUDGET_SPENT', {}, colloquyError('STORE_UNREACHABLE'))),
      print('a@1', colloquyError('DELIVERY_BUDGET_SPENT', {}, colloquyError('SOURCE_UNREACHABLE'))),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });
});
