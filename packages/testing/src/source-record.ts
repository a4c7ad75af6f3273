import type { SourceRecord } from '@colloquy/core';

/** A record as a source gives it; give the fields that matter. */
export function sourceRecord(fields: Partial<SourceRecord> = {}): SourceRecord {
  return {
    partition: 'inbound/0',
    offset: 0,
    key: new TextEncoder().encode('conversation-1'),
    value: new TextEncoder().encode('{"id":"m"}'),
    headers: { 'content-type': 'application/json' },
    at: '2026-03-02T10:00:00.000Z',
    ...fields,
  };
}

/** The record with its bytes in hex, so that a Buffer and a Uint8Array of the same bytes compare as equal. */
export function plainRecord(record: SourceRecord): Readonly<Record<string, unknown>> {
  return { ...record, headers: { ...record.headers }, key: hexOf(record.key), value: hexOf(record.value) };
}

/** Each byte once: no text in any encoding. */
export function everyByte(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, index) => index);
}

function hexOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
