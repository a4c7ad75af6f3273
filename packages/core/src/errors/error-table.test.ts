import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classified, ColloquyError, colloquyError, errorTable, isColloquyError } from '../index.js';

describe('the error table', () => {
  const doc = readFileSync(new URL('../../../../docs/reference/errors.md', import.meta.url), 'utf8');
  const rows = [...doc.matchAll(/^\| `([A-Z_]+)` \| (\w+) \| (.+) \|$/gm)].map(([, code, kind, text]) => [code, kind, text?.replace(/\\\|/g, '|')]);

  it('equals docs/reference/errors.md, both ways', () => {
    expect(rows).toEqual(Object.entries(errorTable).map(([code, { kind, text }]) => [code, kind, text]));
  });

  it.each(Object.entries(errorTable))('%s says what was found and what to do', (_, { text }) => {
    expect(text.split(/[.;:] /).length).toBeGreaterThanOrEqual(2);
    expect(text).toMatch(/[.]$|npm install \{\w+\}$|colloquy init$|\{example\}$/);
  });
});

describe('colloquyError', () => {
  it('fills the details and keeps the cause', () => {
    const cause = new Error('x');
    const error = colloquyError('STAGE_PEER_MISSING', { stage: 's@1', peer: 'sharp' }, cause);
    expect(error).toMatchObject({ code: 'STAGE_PEER_MISSING', kind: 'config', message: 'Stage s@1 needs the package sharp, which is not installed. Run: npm install sharp', cause });
  });

  it('is recognised across copies of the package, and classifies the rest as a bug', () => {
    const foreign = Object.assign(new Error('x'), { name: 'ColloquyError', code: 'X', kind: 'input' });
    expect(isColloquyError(foreign)).toBe(true);
    expect(classified(foreign, 'INTERNAL')).toBe(foreign);
    expect(classified(new TypeError('x'), 'STAGE_FAILED', { stage: 's@1' })).toMatchObject({ code: 'STAGE_FAILED', kind: 'bug' });
    expect(new ColloquyError({ code: 'MINE', kind: 'transient', message: 'busy' })).toMatchObject({ code: 'MINE', kind: 'transient', details: {} });
  });
});
