import { slicesOf } from '../../platform/slicesOf';
import type { ReadRows, UpstreamFilter } from './upstreamClient';

/** The most rows that the server returns at once. */
export const maxPageSize = 200;

/** The filter of these ids. */
export const idFilter = (ids: readonly string[]): UpstreamFilter => ({ id: { any_: ids } });

/** Reads rows by their ids, one page after the other. */
export async function inPages<Id, Row>(
  ids: readonly Id[],
  readPage: (ids: readonly Id[]) => Promise<ReadRows<Row, Id>>,
): Promise<ReadRows<Row, Id>> {
  const all: ReadRows<Row, Id> = { rows: [], unreadable: [] };
  for (const part of slicesOf(ids, maxPageSize)) {
    const { rows, unreadable } = await readPage(part);
    all.rows.push(...rows);
    all.unreadable.push(...unreadable);
  }
  return all;
}
