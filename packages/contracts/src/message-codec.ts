import { colloquyError, parseMessage, type Message, type ParseMessageOptions, type SourceRecord } from '@colloquy/core';
import { refusalOf } from './refusal-headers.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The bytes of a message in the inbound log: one JSON object in UTF-8, the fields of docs/reference/message.md. */
export function encodeMessage(message: Message): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}

/**
 * The message of a record. A message without `at` is dated by its record. Throws MESSAGE_NOT_JSON and the other MESSAGE_… errors,
 * or the error a source has refused the record with (see refusalHeaders).
 */
export function decodeMessage(record: Pick<SourceRecord, 'value' | 'at'> & Partial<Pick<SourceRecord, 'headers'>>, options: ParseMessageOptions = {}): Message {
  const refusal = refusalOf(record.headers ?? {});
  if (refusal !== undefined) throw refusal;
  return parseMessage(parseJson(record.value), { defaultAt: record.at, ...options });
}

function parseJson(value: Uint8Array | undefined): unknown {
  if (value === undefined || value.length === 0) throw colloquyError('MESSAGE_NOT_JSON', { where: ' (no bytes at all)' });
  try {
    return JSON.parse(decoder.decode(value));
  } catch {
    // The cause is left out: engines quote the text in it.
    throw colloquyError('MESSAGE_NOT_JSON', { where: '' });
  }
}
