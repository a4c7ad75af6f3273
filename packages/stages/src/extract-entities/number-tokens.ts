/** A word, a run of digits with their separators, or one sign. */
export interface NumberToken {
  readonly kind: 'digits' | 'word' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Nothing stands between it and the token before. */
  readonly isGlued: boolean;
  /** A line end stands between it and the token before, or more than three blanks. */
  readonly isApart: boolean;
}

/** Tokens of a text that is folded: lower case, no accents. */
export function numberTokens(folded: string): readonly NumberToken[] {
  const tokens: NumberToken[] = [];
  let before = 0;
  for (const { 0: text, index: start } of folded.matchAll(tokenPattern)) {
    const end = start + text.length;
    const gap = folded.slice(before, Math.min(start, before + 5));
    tokens.push({ kind: kindOf(text), text, start, end, isGlued: start === before && start > 0, isApart: gap.length > 3 || /[\n\r]/.test(gap) });
    before = end;
  }
  return tokens;
}

const tokenPattern = /(?<!\p{L})(?:r|us|mx|mex)\$|\d+(?:[.,]\d+)*|\p{L}[\p{L}\p{M}]*|\S/gu;

function kindOf(text: string): NumberToken['kind'] {
  if (/^\d/.test(text)) return 'digits';
  return /^\p{L}/u.test(text) && !text.endsWith('$') ? 'word' : 'sign';
}
