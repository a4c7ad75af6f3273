import type { SourceRecord } from '@colloquy/core';

/** Something with a source record in it, as two raw columns and one of JSON. */
export interface RecordColumns {
  readonly body: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

interface WithRecord {
  readonly record: SourceRecord;
}

export function columnsOf(item: WithRecord): RecordColumns {
  const { key, value, ...record } = item.record;
  return { body: JSON.stringify({ ...item, record }), key: key ?? null, value: value ?? null };
}

/** The reverse of columnsOf. */
export function withRecord<T extends WithRecord>({ body, key, value }: RecordColumns): T {
  const item = JSON.parse(body) as T;
  return { ...item, record: { ...item.record, key: key ?? undefined, value: value ?? undefined } };
}
