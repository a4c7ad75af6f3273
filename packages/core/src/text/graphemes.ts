export interface Grapheme {
  readonly segment: string;
  readonly index: number;
}

/**
 * The grapheme clusters of a text, each with its index. Latin letters, digits and signs are told without Intl.Segmenter; the rest it
 * reads in windows, since one pass over a long text takes time by the square of its length (ten seconds for 65,536 code units of emoji).
 */
export function* graphemes(text: string): Generator<Grapheme> {
  let start = 0;
  while (start < text.length) {
    if (endsBetween(text, start + 1)) {
      yield { segment: text.charAt(start), index: start };
      start += 1;
      continue;
    }
    let end = start + 2;
    while (end < text.length && !endsBetween(text, end)) end += 1;
    yield* segmented(text, start, Math.min(end, text.length));
    start = end;
  }
}

/** True where the code units before and at `at` cannot be of one cluster: nothing below U+0300 joins its neighbour but CR LF. */
function endsBetween(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (before >= 0x300) return false;
  if (at >= text.length) return true;
  const next = text.charCodeAt(at);
  return next < 0x300 && !(before === 0x0d && next === 0x0a);
}

const windowChars = 1_024;
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The clusters from `from` to `to`, both of them between two clusters. */
function* segmented(text: string, from: number, to: number): Generator<Grapheme> {
  let start = from;
  let size = windowChars;
  while (start < to) {
    const end = windowEnd(text, start + size, to);
    let held: Grapheme | undefined;
    for (const { segment, index } of segmenter.segment(text.slice(start, end))) {
      if (held !== undefined) yield held;
      held = { segment, index: start + index };
    }
    if (held === undefined) return;
    if (end === to) {
      yield held;
      return;
    }
    // The last cluster may go on behind the window: the next window begins with it, and is wider where it fills this one.
    size = held.index === start ? size * 2 : windowChars;
    start = held.index;
  }
}

/** Never between the halves of a surrogate pair. */
function windowEnd(text: string, end: number, to: number): number {
  if (end >= to) return to;
  return /^[\uDC00-\uDFFF]/.test(text.slice(end, end + 1)) ? end + 1 : end;
}
