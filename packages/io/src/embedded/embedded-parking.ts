import type { ParkedRecord, Parking } from '@colloquy/core';
import { checkDatabase } from './check-database.js';
import { countIn } from './count-in.js';
import type { Database } from './database.js';
import { columnsOf, withRecord, type RecordColumns } from './record-columns.js';

/** Parked messages in the database. close() leaves it open: openEmbedded owns it. */
export function embeddedParking(database: Database): Parking {
  return {
    park: async (records) => {
      const rows = records.map((item) => ({ partition: item.record.partition, offset: item.record.offset, columns: columnsOf(item) }));
      if (rows.length === 0) return;
      await database.write(() => {
        const put = database.sql(
          'INSERT INTO parked (partition, offset, body, key, value) VALUES (?, ?, ?, ?, ?)' +
            ' ON CONFLICT (partition, offset) DO UPDATE SET body = excluded.body, key = excluded.key, value = excluded.value',
        );
        for (const { partition, offset, columns } of rows) put.run(partition, offset, columns.body, columns.key, columns.value);
      });
    },
    load: async (partitions) =>
      database.read(() => {
        const ofPartition = database.sql('SELECT body, key, value FROM parked WHERE partition = ? ORDER BY offset');
        return [...partitions].sort().flatMap((partition) => ofPartition.all<RecordColumns>(partition).map((row) => withRecord<ParkedRecord>(row)));
      }),
    remove: async (records) => {
      if (records.length === 0) return;
      const places = records.map(({ partition, offset }) => ({ partition, offset }));
      await database.write(() => {
        const remove = database.sql('DELETE FROM parked WHERE partition = ? AND offset = ?');
        for (const { partition, offset } of places) remove.run(partition, offset);
      });
    },
    count: async () => countIn(database, 'parked'),
    check: () => checkDatabase(database),
    close: async () => undefined,
  };
}
