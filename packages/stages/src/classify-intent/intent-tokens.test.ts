import { describe, expect, it } from 'vitest';
import { intentTokens, tokenText } from './intent-tokens.js';

describe('intentTokens', () => {
  it.each([
    ['¿Cuánto cuesta?', ['=cuanto', 'cuan~', '=cuesta', 'cues~', '=?']],
    ['holaaaa hola', ['=hola']],
    ['$350 a las 5:30 p.m.', ['=$', '=0', '=a', '=las', '=p', '=m']],
    ['👍🏽 ok', ['=👍', '=ok']],
    ['constructor __proto__', ['=constructor', 'cons~', '=proto', 'prot~']],
    ['', []],
  ])('%s', (text, tokens) => {
    expect(intentTokens(text)).toEqual(tokens);
  });

  it('reads decomposed accents like composed ones', () => {
    expect(intentTokens('mañana'.normalize('NFD'))).toEqual(intentTokens('mañana'.normalize('NFC')));
  });

  it('shows tokens as a person reads them', () => {
    expect(intentTokens('cuesta').map(tokenText)).toEqual(['"cuesta"', '"cues…"']);
  });
});
