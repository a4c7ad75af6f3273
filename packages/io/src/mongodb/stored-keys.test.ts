import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKeys, writeKeys } from './stored-keys.js';

describe('field names in the database', () => {
  it.each([
    ['plain', 'plain'],
    ['$set', '%24set'],
    ['a$b', 'a$b'],
    ['a.b', 'a%2Eb'],
    ['100%', '100%25'],
    ['', '%'],
    ['_bsontype', '%_bsontype'],
    ['__proto__', '%__proto__'],
  ])('%j is written as %j', (key, stored) => {
    expect(Object.keys(writeKeys(JSON.parse(`{${JSON.stringify(key)}: 1}`) as object))).toEqual([stored]);
  });

  it('come back as they were, at any depth', () => {
    const keys = fc.oneof(fc.string(), fc.stringMatching(/^[$%.]{0,3}(_bsontype|__proto__|24|2E|25)?$/));
    const json = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.double({ noNaN: true }), fc.constant(null), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(keys, tie('value'), { maxKeys: 5 })),
    })).value;
    fc.assert(fc.property(json, (value) => isDeepStrictEqual(readKeys(writeKeys(plain(value))), plain(value))));
  });

  it('never keep a dot, a leading dollar or nothing', () => {
    fc.assert(fc.property(fc.string(), (key) => Object.keys(writeKeys({ [key]: 1 })).every((stored) => stored !== '' && !stored.startsWith('$') && !stored.includes('.'))));
  });
});

/** As JSON gives it: fast-check also makes objects without a prototype. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
