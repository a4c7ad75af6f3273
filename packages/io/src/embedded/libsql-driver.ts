import { colloquyError } from '@colloquy/core';
import type { SqlConnection, SqlDriver, SqlStatement, SqlValue } from './sql.js';

/** SQLite by the package libsql, an optional peer. Throws CONFIG_ADAPTER_MISSING. */
export async function libsqlDriver(): Promise<SqlDriver> {
  const { default: Database } = await import('libsql').catch((error: unknown) => {
    throw colloquyError('CONFIG_ADAPTER_MISSING', { path: 'embedded', adapter: 'The embedded log and store', peer: 'libsql' }, error);
  });
  return {
    open(file): SqlConnection {
      const database = new Database(file);
      return {
        exec: (text) => void database.exec(text),
        prepare: (text) => statementOf(database.prepare(text) as unknown as LibsqlStatement),
        inTransaction: () => database.inTransaction,
        close: () => void database.close(),
      };
    },
  };
}

interface LibsqlStatement {
  run(values: readonly unknown[]): { readonly changes: number };
  get(values: readonly unknown[]): unknown;
  all(values: readonly unknown[]): Record<string, unknown>[];
}

/** Values go as one list: libsql takes a lone Buffer for an object of named values. Its all() gives bytes as ArrayBuffer, its get() as Buffer. */
function statementOf(statement: LibsqlStatement): SqlStatement {
  return {
    run: (...values) => statement.run(values).changes,
    get: <Row>(...values: readonly SqlValue[]) => statement.get(values) as Row | undefined,
    all: <Row>(...values: readonly SqlValue[]) => statement.all(values).map(withBytes) as Row[],
  };
}

function withBytes(row: Record<string, unknown>): Record<string, unknown> {
  for (const [column, value] of Object.entries(row)) if (value instanceof ArrayBuffer) row[column] = new Uint8Array(value);
  return row;
}
