import type { BulkOperationId, FlowRunId } from '../../../src/domain/identifiers';
import { itemOf } from '../../../src/operations/selection/selectionStep';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { insertRows } from '../../../src/persistence/connection/hotInsertRows';
import { BulkOperationItemEntity } from '../../../src/persistence/entities/bulkOperation';
import { FlowRunTagEntity } from '../../../src/persistence/entities/flowRun';
import { describeOnEveryDatabase } from '../../harness/databases';
import { idOf } from '../sampleRuns';

describeOnEveryDatabase('inserting rows', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  afterAll(() => opened.close());

  const operation = { id: idOf<BulkOperationId>(1) };
  const item = (ordinal: number, more: Parameters<typeof itemOf>[3]) =>
    itemOf(operation, ordinal, idOf<FlowRunId>(ordinal), more);

  test.each([
    ['one row', [item(1, { code: 'INTERNAL_ERROR', attempts: 2 })]],
    [
      'rows that differ in some columns, share others, and lack values in some rows',
      [item(2, { reason: 'a?1' }), item(3, { reason: null, isMatch: false }), item(4, { reason: '?' })],
    ],
  ])('stores %s', async (_what, items) => {
    await insertRows(opened.writer, BulkOperationItemEntity, items);

    const ordinals = items.map(({ ordinal }) => ordinal);
    const query = opened.writer.createQueryBuilder(BulkOperationItemEntity, 'item').orderBy('item.ordinal');
    expect(
      await query.whereInIds(ordinals.map(ordinal => ({ operationId: operation.id, ordinal }))).getMany(),
    ).toEqual(items);
  });

  test('stores what all rows share with every row where they need several statements', async () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => ({
      flowRunId: idOf<FlowRunId>(index),
      tag: 'shared',
    }));
    await opened.transaction(connection => insertRows(connection, FlowRunTagEntity, tags));

    expect(await opened.writer.getRepository(FlowRunTagEntity).countBy({ tag: 'shared' })).toBe(10_000);
  });
});
