import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import { updateRows } from '../connection/hotUpdateRows';
import { LockingQuery } from '../connection/lockingQuery';
import { type SqlExecutor, selectRows } from '../connection/statements';
import {
  type Column,
  columnList,
  type RawRow,
  type RowOf,
  type TableSchema,
  writtenColumns,
} from '../entities/columns';

/** A table whose rows have an id. */
type TableWithId = { readonly id: Column<string> };

/** What is new, and what differs from what is stored. */
export interface RowChanges<Row> {
  added: Row[];
  changed: { before: Row; after: Row }[];
}

/** Locks the rows with these ids, in ascending order of ids, and reads them. At least one id. */
export async function lockRowsById<Of extends TableWithId>(
  { writer }: Database,
  connection: SqlExecutor,
  { tableName, columns }: TableSchema<Of>,
  ids: readonly string[],
): Promise<Map<string, RawRow>> {
  const query = LockingQuery.ofIds(writer, tableName, columnList(tableName, columns), ids, 'forUpdate');
  return new Map((await selectRows(connection, query)).map(row => [String(row.id), row]));
}

/** Compares rows with the stored ones, as the database has them: nothing of a row without a change is parsed. */
export function compareRows<Of extends TableWithId>(
  { columns, read }: TableSchema<Of>,
  rows: readonly RowOf<Of>[],
  stored: ReadonlyMap<string, RawRow>,
): RowChanges<RowOf<Of>> {
  const compared = writtenColumns(columns);
  const changes: RowChanges<RowOf<Of>> = { added: [], changed: [] };
  for (const row of rows) {
    const before = stored.get(row.id);
    if (before === undefined) changes.added.push(row);
    else if (!compared.every(({ name, valueIn }) => valueIn(row) === before[name]))
      changes.changed.push({ before: read(before), after: row });
  }
  return changes;
}

/** Writes what `compareRows` found, in two statements. */
export async function writeChanges<Of extends TableWithId>(
  { dialect }: Database,
  connection: SqlExecutor,
  table: TableSchema<Of>,
  { added, changed }: RowChanges<RowOf<Of>>,
): Promise<void> {
  await insertRows(connection, table, added);
  const changes = changed.map(({ before, after }) => ({ key: after.id as string, before, after }));
  await updateRows(connection, dialect, table, changes);
}
