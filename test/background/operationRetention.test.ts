import { isRefused } from '../../src/app/bulkOperations/answer';
import { undoBulkOperation } from '../../src/app/bulkOperations/repeatBulkOperation';
import { startBulkOperation } from '../../src/app/bulkOperations/startBulkOperation';
import { operationRetention } from '../../src/background/operationRetention';
import type { BulkOperation, BulkOperationDefinition } from '../../src/domain/bulkOperation';
import { hasEnded } from '../../src/domain/bulkOperation';
import type { BulkOperationId } from '../../src/domain/identifiers';
import { startWorker } from '../../src/operations/worker';
import { findOperation } from '../../src/persistence/ledger/operations';
import { purgeOperation } from '../../src/persistence/ledger/purge';
import { describeOnEveryDatabase } from '../harness/databases';
import { openWorld, runService, type World } from './world';

const day = 86_400;

const definition: BulkOperationDefinition = {
  state: { type: 'CANCELLED' },
  filter: { state: { type: { any: ['RUNNING'] } } },
  flowRuns: null,
  all: false,
  force: false,
  callerRenewsLeases: false,
  includeSubflows: false,
  canary: null,
  pauseAboveFailureRatio: null,
  retryWaits: false,
  expectedCount: null,
  maxAffected: null,
  codes: null,
  reason: 'a test',
};
const request = { actor: 'tester', idempotencyKey: null, runsPerSecond: null, definition };

describeOnEveryDatabase('the retention of bulk operations', database => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());

  const purge = () => runService(operationRetention(90), world.services);
  const find = (id: BulkOperationId) => findOperation(world.services.database.primary, id);
  const count = async (table: string, id: BulkOperationId): Promise<number> => {
    const [row]: { count: number | string }[] = await world.services.database.primary.query(
      `SELECT COUNT(*) AS count FROM ${table} WHERE operation_id = ?`,
      [id],
    );
    return Number(row?.count);
  };

  async function toItsEnd(answer: Awaited<ReturnType<typeof startBulkOperation>>): Promise<BulkOperation> {
    if (isRefused(answer)) throw new Error(answer.message);
    const { services } = world;
    const worker = startWorker(services, { batchSize: 1000, planSeconds: 900, retryWaitSeconds: 3600 });
    try {
      for (;;) {
        const operation = await find(answer.id);
        if (operation && hasEnded(operation)) return operation;
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    } finally {
      await worker.stop();
    }
  }

  async function endedOperation(runs: number): Promise<BulkOperation> {
    await world.makeMany(runs, 'RUNNING');
    return toItsEnd(await startBulkOperation(world.services, request));
  }

  test('deletes those that ended long enough ago, with their items, and no others', async () => {
    const old = await endedOperation(3);
    world.pass(2 * day);
    const younger = await endedOperation(2);
    world.pass(89 * day);

    expect((await purge()).filter(gone => gone > 0)).toEqual([1]);

    expect(await find(old.id)).toBeNull();
    expect(await count('bulk_operation_item', old.id)).toBe(0);
    expect(await count('bulk_operation_batch', old.id)).toBe(0);
    expect(await find(younger.id)).not.toBeNull();
    expect(await count('bulk_operation_item', younger.id)).toBe(2);
  });

  test('leaves what they did to runs', async () => {
    const id = await world.make('RUNNING');
    await toItsEnd(await startBulkOperation(world.services, request));
    world.pass(100 * day);
    await purge();
    expect(await world.stateOf(id)).toMatchObject({ type: 'CANCELLED', written: 2 });
  });

  test('goes on where it was broken off', async () => {
    const { id } = await endedOperation(4);
    world.pass(100 * day);
    expect(await purgeOperation(world.services.database, id)).toBe(false);
    expect(await find(id)).not.toBeNull();
    await purge();
    expect(await find(id)).toBeNull();
  });

  test('waits for an operation that still needs the items', async () => {
    const { id } = await endedOperation(2);
    const undo = await undoBulkOperation(world.services, {
      id,
      actor: 'tester',
      idempotencyKey: null,
      reason: 'a test',
      callerRenewsLeases: false,
    });
    world.pass(100 * day);
    await purge();
    expect(await find(id)).not.toBeNull();

    await toItsEnd(undo);
    await purge();
    expect(await find(id)).toBeNull();
  });

  test('leaves those that have not ended', async () => {
    const answer = await startBulkOperation(world.services, request);
    if (isRefused(answer)) throw new Error(answer.message);
    world.pass(1000 * day);
    await purge();
    expect(await find(answer.id)).not.toBeNull();
  });
});
