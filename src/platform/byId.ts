/**
 * Makes the batch function of a DataLoader out of a function that finds rows by id, in any order.
 *
 * @returns a row for each id, in the order of the ids; null if there is none.
 */
export const byId =
  <Id extends string, Row extends { id: Id }>(find: (ids: readonly Id[]) => Promise<Row[]>) =>
  async (ids: readonly Id[]): Promise<(Row | null)[]> => {
    const rows = new Map((await find([...new Set(ids)])).map(row => [row.id, row]));
    return ids.map(id => rows.get(id) ?? null);
  };
