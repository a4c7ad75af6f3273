/** Ends a clause: no word reaches over it. */
export const clauseEnd = '|';

/** Stands between the words of a phrase once it is one token. */
export const phraseJoiner = '·';

/** What the tokens are looked up in. */
export interface TokenList {
  isKnown(token: string): boolean;
  /** True for the first word of any of its phrases. */
  startsPhrase(word: string): boolean;
}

/**
 * The words and emoji of a text as a word list knows them: folded, without repeated letters, laughter as `jaja`, phrases joined, at most
 * two of the same in a row.
 */
export function sentimentTokens(text: string, list: TokenList): readonly string[] {
  const folded = text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replace(/['’´`](?:ll|re|ve|[msd])(?!\p{L})/gu, '').replace(/['’´`]/g, '');
  const tokens: string[] = [];
  for (const [piece] of folded.matchAll(tokenPattern)) {
    const token = pictograph.test(piece) ? String.fromCodePoint(piece.codePointAt(0) ?? 0) : /^[\p{L}\p{N}]/u.test(piece) ? wordOf(piece, list) : clauseEnd;
    const isThird = tokens.at(-1) === token && tokens.at(-2) === token;
    if (!isThird && !(token === clauseEnd && tokens.at(-1) === clauseEnd)) tokens.push(token);
  }
  return joinPhrases(tokens, list);
}

const tokenPattern = /\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d\p{Extended_Pictographic})*|[\p{L}\p{N}]+|[.,;:!?¡¿\n()]+/gu;
const pictograph = /^\p{Extended_Pictographic}/u;
const laughter = /^(?:(?:[jh][aeiou]|k[ak]|ks){2,}[jhk]?|[jh]a+[jh]a[jha]*|k{2,}|(?:rs)+|lo+l|lmf?ao+)$/;
const longestPhrase = 4;

/** `graciaaas` → `gracias`, `goood` → `good`. */
function wordOf(word: string, { isKnown }: TokenList): string {
  if (laughter.test(word)) return 'jaja';
  if (isKnown(word) || !/(.)\1\1/u.test(word)) return word;
  const twice = word.replace(/(.)\1{2,}/gu, '$1$1');
  return isKnown(twice) ? twice : word.replace(/(.)\1{2,}/gu, '$1');
}

function joinPhrases(tokens: readonly string[], { isKnown, startsPhrase }: TokenList): readonly string[] {
  const joined: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    let length = startsPhrase(tokens[at] ?? '') ? Math.min(longestPhrase, tokens.length - at) : 1;
    while (length > 1 && !isKnown(tokens.slice(at, at + length).join(phraseJoiner))) length -= 1;
    joined.push(tokens.slice(at, at + length).join(phraseJoiner));
    at += length;
  }
  return joined;
}
