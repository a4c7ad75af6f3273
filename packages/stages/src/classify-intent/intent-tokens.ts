/**
 * What the classifier sees of a text: each word (`=word`), the first four letters of longer words (`word~`, a crude stem that
 * serves the three languages and many typos), emoji, `?` and `$`. Lower case without accents; runs of three and more of a
 * letter become one; whole numbers become `=0`. The marks keep tokens apart from the names that every object inherits.
 */
export function intentTokens(text: string): readonly string[] {
  const folded = text.normalize('NFD').replace(/\p{M}+/gu, '').toLowerCase();
  const tokens = new Set<string>();
  for (const piece of folded.match(/[\p{L}\p{N}]+|\p{Extended_Pictographic}|[?$]/gu) ?? []) {
    const word = /^\d+$/.test(piece) ? '0' : piece.replace(/(.)\1{2,}/gu, '$1');
    tokens.add(`=${word}`);
    if (word.length > prefixLength) tokens.add(`${word.slice(0, prefixLength)}~`);
  }
  return [...tokens];
}

/** A token as a person reads it. */
export function tokenText(token: string): string {
  return token.startsWith('=') ? `"${token.slice(1)}"` : `"${token.slice(0, -1)}…"`;
}

const prefixLength = 4;
