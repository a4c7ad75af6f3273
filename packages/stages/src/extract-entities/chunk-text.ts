/** A stretch of a text and where it starts. */
export interface TextChunk {
  readonly text: string;
  readonly start: number;
}

/** Cuts a text into chunks of at most `maxChars`: at a line end, else at a space, else between two characters. */
export function chunkText(text: string, maxChars: number): readonly TextChunk[] {
  const chunks: TextChunk[] = [];
  let start = 0;
  while (text.length - start > maxChars) {
    const end = start + cutAt(text.slice(start, start + maxChars));
    chunks.push({ text: text.slice(start, end), start });
    start = end;
  }
  chunks.push({ text: text.slice(start), start });
  return chunks;
}

/** Not in the first half, so that chunks stay few. */
function cutAt(window: string): number {
  const least = window.length / 2;
  const line = window.lastIndexOf('\n') + 1;
  if (line > least) return line;
  const space = window.lastIndexOf(' ') + 1;
  if (space > least) return space;
  return /[\uD800-\uDBFF]$/.test(window) ? window.length - 1 : window.length;
}
