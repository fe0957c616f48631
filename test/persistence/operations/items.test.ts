import { v7 } from 'uuid';
import type { BulkOperationId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { findExportedItems } from '../../../src/persistence/operations/exportedItems';
import { findItemPages, findItemsToCopy } from '../../../src/persistence/operations/items';
import { describeOnEveryDatabase } from '../../harness/databases';

describeOnEveryDatabase('the items of an operation', made => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ url: made.url });
    await database.migrate();
  });
  afterAll(() => database.close());

  const operationId = v7() as BulkOperationId;
  const all = { statuses: null, codes: null, flowRunId: null };
  const page = { ...all, operationId, limit: 10, after: 100_000 };

  test.each([
    ['a list', () => findItemPages(database.primary, [page])],
    ['an export', () => findExportedItems(database.primary, page)],
    ['a retry', () => findItemsToCopy(database.primary, operationId, all, 'ASC', 10, page.after)],
    [
      'an undo',
      () => findItemsToCopy(database.primary, operationId, { written: true }, 'ASC', 10, page.after),
    ],
  ])(
    '%s reads a late page by one lower bound, and so does not pass over all items before it',
    async (_name, read) => {
      const query = jest.spyOn(database.primary, 'query');
      await read();
      const sql = String(query.mock.lastCall?.[0]);
      query.mockRestore();
      // The embedded database would seek by the first of two.
      expect(sql.match(/ordinal\W* > /g)).toHaveLength(1);
    },
  );
});
