import type { BulkOperation } from '../../../src/domain/bulkOperation';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { isRefused } from '../../../src/operations/commands/bulkOperationResult';
import { startBulkOperation } from '../../../src/operations/commands/startBulkOperation';
import { selectNextPage } from '../../../src/operations/selection/selectNextPage';
import { BulkOperationItemEntity, SelectedRunEntity } from '../../../src/persistence/entities/bulkOperation';
import { migrations } from '../../../src/persistence/migrations';
import { SelectRunsApart1764710000000 } from '../../../src/persistence/migrations/1764710000000-SelectRunsApart';
import { findOperation } from '../../../src/persistence/operations/operations';
import { openWorld, type World } from '../../background/world';
import { describeOnEveryDatabase } from '../../harness/databases';
import { cancellationOf } from '../../operations/cancellationOf';

const settings = { batchSize: 2, planSeconds: 900, retryWaitSeconds: 3600, claimSeconds: 60 };
const stepsBack = migrations.length - migrations.indexOf(SelectRunsApart1764710000000);

describeOnEveryDatabase('the migration that gives selected runs a table of their own', testDatabase => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(testDatabase.url);
  });
  afterAll(() => world?.close());

  const writer = () => world.services.database.writer;
  const selectedRuns = () =>
    writer()
      .getRepository(SelectedRunEntity)
      .find({ order: { flowRunId: 'ASC' } });
  const countUnarranged = async (): Promise<number> => {
    const [row] = await writer().query('SELECT COUNT(*) AS count FROM bulk_operation_item WHERE ordinal < 0');
    return Number(row.count);
  };

  /** Runs in progress with subflows, one of them below a finished one. */
  async function makeTree(): Promise<FlowRunId[]> {
    const tops = await world.makeMany(3, 'RUNNING');
    for (const top of tops) {
      await world.subflow(top, 'RUNNING');
      await world.subflow(await world.subflow(top, 'COMPLETED'), 'RUNNING');
    }
    return tops;
  }

  async function startSelection(tops: readonly FlowRunId[]): Promise<BulkOperation> {
    const request = cancellationOf({ filter: { id: { any: tops } }, includeSubflows: true });
    const started = await startBulkOperation(world.services, request);
    if (isRefused(started)) throw new Error(started.message);
    return started;
  }

  const step = (operation: BulkOperation) => selectNextPage(world.services, settings, operation);

  /** Selects to the end, and returns the items in their order, without what differs between two operations. */
  async function selectAll(operation: BulkOperation) {
    while ((await findOperation(writer(), operation.id))?.status !== 'RUNNING') await step(operation);
    const items = await writer()
      .getRepository(BulkOperationItemEntity)
      .find({ where: { operationId: operation.id }, order: { ordinal: 'ASC' } });
    return items.map(item => ({ ...item, operationId: null }));
  }

  test('moves a selection that is in progress there and back, and the selection continues', async () => {
    const tops = await makeTree();
    const operation = await startSelection(tops);
    for (let steps = 0; steps < 5; steps++) await step(operation);
    const before = await selectedRuns();
    expect(before.map(({ depth }) => depth)).toContain(1);
    expect(before.map(({ isPassed }) => isPassed)).toContain(true);

    for (let back = 0; back < stepsBack; back++) await writer().undoLastMigration({ transaction: 'none' });
    expect(await countUnarranged()).toBe(before.length);
    expect((await findOperation(writer(), operation.id))?.lastOrdinal).toBe(before.length);

    await world.services.database.migrate();
    expect(await selectedRuns()).toEqual(before);
    expect(await countUnarranged()).toBe(0);
    expect(await selectAll(operation)).toEqual(await selectAll(await startSelection(tops)));
    expect(await selectedRuns()).toEqual([]);
  });
});
