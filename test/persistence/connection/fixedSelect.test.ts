import type { BulkOperationBatch } from '../../../src/domain/bulkOperation';
import type { BulkOperationId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { fixedSelect } from '../../../src/persistence/connection/fixedSelect';
import { lockRows } from '../../../src/persistence/connection/lockRows';
import { BulkOperationBatchEntity } from '../../../src/persistence/entities/bulkOperation';
import { insertBatches } from '../../../src/persistence/operations/batches';
import { describeOnEveryDatabase } from '../../harness/databases';
import { idOf } from '../sampleRuns';

const operationId = idOf<BulkOperationId>(1);
const batches: BulkOperationBatch[] = [1, 11, 21].map(firstOrdinal => ({
  operationId,
  firstOrdinal,
  lastOrdinal: firstOrdinal + 9,
  depth: 0,
  due: null,
  planned: null,
  decided: null,
  firstPosition: null,
}));

describeOnEveryDatabase('a SELECT whose text is made once', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    await insertBatches(opened.writer, batches);
  });
  afterAll(() => opened.close());

  test('returns the rows of each call’s own values, in the order of the query', async () => {
    let built = 0;
    const select = fixedSelect(BulkOperationBatchEntity, 'batch', ['operationId', 'first', 'last'], query => {
      built++;
      query
        .where('batch.operationId = :operationId')
        .andWhere('batch.firstOrdinal >= :first AND batch.lastOrdinal <= :last')
        .orderBy('batch.firstOrdinal', 'DESC');
    });

    expect(await select(opened.writer, { operationId, first: 1, last: 20 })).toEqual([
      batches[1],
      batches[0],
    ]);
    expect(await select(opened.writer, { operationId, first: 21, last: 30 })).toEqual([batches[2]]);
    expect(await select(opened.writer, { operationId: idOf(2), first: 1, last: 30 })).toEqual([]);
    expect(built).toBe(1);
  });

  test('reads only some properties where these are named', async () => {
    const select = fixedSelect(
      BulkOperationBatchEntity,
      'batch',
      ['operationId'],
      query => query.where('batch.operationId = :operationId').orderBy('batch.firstOrdinal').limit(2),
      ['firstOrdinal', 'due'],
    );

    expect(await select(opened.writer, { operationId })).toEqual([
      { firstOrdinal: 1, due: null },
      { firstOrdinal: 11, due: null },
    ]);
  });

  test('takes a value as often as its name stands in the conditions, and values that are always the same', async () => {
    const select = fixedSelect(BulkOperationBatchEntity, 'batch', ['ordinal'], query =>
      query
        .where('batch.firstOrdinal <= :ordinal AND batch.lastOrdinal >= :ordinal')
        .andWhere('batch.operationId IN (:...ids)', { ids: [operationId] })
        .andWhere('batch.depth = :depth', { depth: 0 }),
    );

    expect(await select(opened.writer, { ordinal: 15 })).toEqual([batches[1]]);
  });

  test('locks rows in the transaction of its connection, where the database has locks of rows', async () => {
    const select = fixedSelect(BulkOperationBatchEntity, 'batch', ['operationId'], query =>
      lockRows(query.where('batch.operationId = :operationId').orderBy('batch.firstOrdinal'), 'skipLocked'),
    );

    await opened.transaction(async connection => {
      const held = await select(connection, { operationId });
      const others = opened.kind === 'embedded' ? [] : await select(opened.writer, { operationId });

      expect(held).toEqual(batches);
      expect(others).toEqual([]);
    });
  });
});
