/**
 * The grapheme clusters of a text, each with its index. Reads in windows: one pass of Intl.Segmenter over a long text takes time
 * by the square of its length (ten seconds for 65,536 code units of emoji).
 */
export function* graphemes(text: string): Generator<{ readonly segment: string; readonly index: number }> {
  let start = 0;
  let size = windowChars;
  while (start < text.length) {
    const end = windowEnd(text, start + size);
    let held: { segment: string; index: number } | undefined;
    for (const { segment, index } of segmenter.segment(text.slice(start, end))) {
      if (held !== undefined) yield held;
      held = { segment, index: start + index };
    }
    if (held === undefined) return;
    if (end === text.length) {
      yield held;
      return;
    }
    // The last cluster may go on behind the window: the next window begins with it, and is wider where it fills this one.
    size = held.index === start ? size * 2 : windowChars;
    start = held.index;
  }
}

const windowChars = 1_024;
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Never between the halves of a surrogate pair. */
function windowEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  return /^[\uDC00-\uDFFF]/.test(text.slice(end, end + 1)) ? end + 1 : end;
}
