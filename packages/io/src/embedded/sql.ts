export type SqlValue = string | number | Uint8Array | null;

/** A prepared statement. Values are given in the order of its question marks. */
export interface SqlStatement {
  /** Returns how many rows were changed. */
  run(...values: readonly SqlValue[]): number;
  get<Row>(...values: readonly SqlValue[]): Row | undefined;
  all<Row>(...values: readonly SqlValue[]): Row[];
}

/** One connection to a database file. Synchronous; throws the driver's errors. */
export interface SqlConnection {
  exec(text: string): void;
  prepare(text: string): SqlStatement;
  /** False after SQLite has rolled back by itself, as it does when the disk is full. */
  inTransaction(): boolean;
  close(): void;
}

export interface SqlDriver {
  open(file: string): SqlConnection;
}
