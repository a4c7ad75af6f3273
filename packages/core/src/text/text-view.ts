import { graphemes } from './graphemes.js';

/** A normalised form of a text with the way back: any stretch of it maps to the exact stretch of the original. */
export interface TextView {
  readonly text: string;
  /** The half-open stretch of the original, in UTF-16 code units, that [start, end) of the view was made from. */
  original(start: number, end: number): { readonly start: number; readonly end: number };
}

export interface TextViewOptions {
  /** Lower case. Default: true. */
  readonly lower?: boolean;
  /** Drop accents and other combining marks. Default: true. */
  readonly foldAccents?: boolean;
}

/** Compatibility-normalised (NFKC), optionally lower-cased and without accents, one grapheme cluster at a time. */
export function textView(original: string, options: TextViewOptions = {}): TextView {
  const { lower = true, foldAccents = true } = options;
  if (plain.test(original)) return identity(lower ? original.toLowerCase() : original);
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  for (const { segment, index } of graphemes(original)) {
    let piece = segment;
    if (!plain.test(segment)) {
      piece = segment.normalize('NFKC');
      if (foldAccents) piece = piece.normalize('NFD').replace(/\p{M}+/gu, '').normalize('NFC');
    }
    if (lower) piece = piece.toLowerCase();
    for (let i = 0; i < piece.length; i++) {
      starts.push(index);
      ends.push(index + segment.length);
    }
    text += piece;
  }
  return {
    text,
    original: (start, end) => {
      const last = ends[end - 1];
      if (end > start && last !== undefined) return { start: starts[start] ?? original.length, end: last };
      const at = starts[start] ?? original.length;
      return { start: at, end: at };
    },
  };
}

const plain = /^[\x00-\x7f]*$/; // ASCII maps to itself

function identity(text: string): TextView {
  return { text, original: (start, end) => ({ start, end }) };
}
