import type { IHeaders } from 'kafkajs';

/** Marks a header that is not text; what follows are its bytes in base64. */
const binaryMark = 'base64:';

/**
 * Kafka's headers are bytes, Colloquy's are text. Bytes that are not UTF-8, and text that starts with the mark itself, become
 * the mark and base64, so that `encodeHeaders` gives back the same bytes. Of a header that occurs more than once the last
 * counts, as Kafka's `lastHeader`; one without a value is empty.
 */
export function decodeHeaders(headers: IHeaders | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return [name, toText(typeof last === 'string' ? Buffer.from(last) : (last ?? Buffer.alloc(0)))] as const;
  });
  return Object.fromEntries(entries);
}

export function encodeHeaders(headers: Readonly<Record<string, string>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, toBytes(text)]));
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function toText(bytes: Buffer): string {
  try {
    const text = decoder.decode(bytes);
    if (!text.startsWith(binaryMark)) return text;
  } catch {
    // Not UTF-8: falls through to base64.
  }
  return binaryMark + bytes.toString('base64');
}

function toBytes(text: string): Buffer {
  return text.startsWith(binaryMark) ? Buffer.from(text.slice(binaryMark.length), 'base64') : Buffer.from(text);
}
