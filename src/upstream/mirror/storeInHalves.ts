import { isFaultOfDatabase } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import type { UpstreamClient } from '../client/upstreamClient';

/** A row whose copy could not be stored. */
interface UnstoredRow<Row> {
  row: Row;
  error: unknown;
}

/** What is reported of such a row; the error itself may hold values of it. */
export const unstoredDetail = 'its copy could not be stored';

/**
 * Stores rows together; where that fails on one of them, stores each half of them, until the rows that fail are alone: one row
 * must not stop the mirror.
 *
 * @returns the rows that could not be stored.
 * @throws what the database throws where it takes no row now.
 */
export async function storeInHalves<Row>(
  rows: readonly Row[],
  store: (part: readonly Row[]) => Promise<void>,
): Promise<UnstoredRow<Row>[]> {
  try {
    await store(rows);
    return [];
  } catch (error) {
    const [row] = rows;
    if (row === undefined || isFaultOfDatabase(error)) throw error;
    if (rows.length === 1) return [{ row, error }];
    const half = Math.ceil(rows.length / 2);
    const first = await storeInHalves(rows.slice(0, half), store);
    return [...first, ...(await storeInHalves(rows.slice(half), store))];
  }
}

/** Reports rows besides runs whose copies could not be stored, each once a walk. */
export function reportUnstored(
  { reportError }: Pick<Services, 'reportError'>,
  client: UpstreamClient,
  noun: 'flows' | 'deployments',
  unstored: readonly UnstoredRow<{ id: string }>[],
): void {
  for (const { row, error } of unstored)
    if (client.unreadable.noteUnnamed(`${noun} ${row.id}`, unstoredDetail))
      reportError('a copy could not be stored', error, { noun, id: row.id });
}
