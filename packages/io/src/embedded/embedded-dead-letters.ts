import type { DeadLetter, DeadLetters } from '@colloquy/core';
import { checkedLimit, keyOfCursor, pageOf } from '@colloquy/contracts';
import { checkDatabase } from './check-database.js';
import { countIn } from './count-in.js';
import type { Database } from './database.js';
import { columnsOf, withRecord, type RecordColumns } from './record-columns.js';

/** Dead letters in the database. close() leaves it open: openEmbedded owns it. */
export function embeddedDeadLetters(database: Database): DeadLetters {
  return {
    put: async (letters) => {
      const rows = letters.map((letter) => ({ id: letter.id, deadAt: letter.deadAt, columns: columnsOf(letter) }));
      if (rows.length === 0) return;
      await database.write(() => {
        const put = database.sql(
          'INSERT INTO dead_letters (id, dead_at, body, key, value) VALUES (?, ?, ?, ?, ?)' +
            ' ON CONFLICT (id) DO UPDATE SET dead_at = excluded.dead_at, body = excluded.body, key = excluded.key, value = excluded.value',
        );
        for (const { id, deadAt, columns } of rows) put.run(id, deadAt, columns.body, columns.key, columns.value);
      });
    },
    list: async ({ limit, after }) => {
      checkedLimit(limit);
      const key = keyOfCursor(after) ?? { at: '~', id: '' };
      const found = database.read(() =>
        database
          .sql('SELECT body, key, value FROM dead_letters WHERE (dead_at, id) < (?, ?) ORDER BY dead_at DESC, id DESC LIMIT ?')
          .all<RecordColumns>(key.at, key.id, limit + 1),
      );
      return pageOf(found.map((row) => withRecord<DeadLetter>(row)), limit, ({ deadAt, id }) => ({ at: deadAt, id }));
    },
    get: async (id) =>
      database.read(() => {
        const row = database.sql('SELECT body, key, value FROM dead_letters WHERE id = ?').get<RecordColumns>(id);
        return row === undefined ? undefined : withRecord<DeadLetter>(row);
      }),
    count: async () => countIn(database, 'dead_letters'),
    check: () => checkDatabase(database),
    close: async () => undefined,
  };
}
