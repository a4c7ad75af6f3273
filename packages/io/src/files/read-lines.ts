/** One line of a text, without its end; numbered from 1. */
export interface TextLine {
  readonly line: number;
  /** Absent where the line is longer than allowed. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The lines of a text as its chunks come: ended by LF or CRLF, the last one also by the end of the text; a byte order mark is
 * dropped. Empty lines are numbered and given too. Holds one chunk and one line of at most `maxBytes` in memory.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array | string>, maxBytes: number): AsyncGenerator<readonly TextLine[]> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let tooLong = false;
  let line = 0;

  const hold = (part: Uint8Array) => {
    held += part.length;
    tooLong ||= held > maxBytes + lineEndBytes;
    if (tooLong) parts = [];
    else parts.push(part);
  };
  const finish = (): TextLine => {
    line++;
    const bytes = tooLong ? undefined : trimmed(Buffer.concat(parts), line === 1);
    parts = [];
    held = 0;
    tooLong = false;
    return { line, bytes: bytes !== undefined && bytes.length > maxBytes ? undefined : bytes };
  };

  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const lines: TextLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(lf); end >= 0; end = bytes.indexOf(lf, start)) {
      hold(bytes.subarray(start, end));
      lines.push(finish());
      start = end + 1;
    }
    if (start < bytes.length) hold(bytes.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (held > 0) yield [finish()];
}

const lf = 0x0a;
const cr = 0x0d;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const lineEndBytes = 4;

function trimmed(bytes: Uint8Array, isFirst: boolean): Uint8Array {
  const start = isFirst && byteOrderMark.every((byte, index) => bytes[index] === byte) ? byteOrderMark.length : 0;
  return bytes.subarray(start, bytes.at(-1) === cr ? -1 : undefined);
}
