import { type EntitySchema, In, type ObjectLiteral } from 'typeorm';
import { operationRetention } from '../../src/background/operationRetention';
import type { BulkOperation } from '../../src/domain/bulkOperation';
import { hasEnded } from '../../src/domain/bulkOperationEnums';
import type { BulkOperationId } from '../../src/domain/identifiers';
import { addSeconds } from '../../src/domain/instant';
import { isRefused } from '../../src/operations/commands/bulkOperationResult';
import { cancelBulkOperation } from '../../src/operations/commands/cancelBulkOperation';
import { retryBulkOperation } from '../../src/operations/commands/retryBulkOperation';
import { startBulkOperation } from '../../src/operations/commands/startBulkOperation';
import { undoBulkOperation } from '../../src/operations/commands/undoBulkOperation';
import { watchBulkOperationItems } from '../../src/operations/queries/watchBulkOperation';
import { selectNextPage } from '../../src/operations/selection/selectNextPage';
import { startWorker } from '../../src/operations/worker/worker';
import {
  BulkOperationBatchEntity,
  BulkOperationEntity,
  BulkOperationItemEntity,
  SelectedRunEntity,
} from '../../src/persistence/entities/bulkOperation';
import { FlowRunStateEntity } from '../../src/persistence/entities/state';
import { findOperation, findUndos } from '../../src/persistence/operations/operations';
import { beginPurge, purgeOperation } from '../../src/persistence/operations/purge';
import { describeOnEveryDatabase } from '../harness/databases';
import { until } from '../harness/waiting';
import { cancellationOf } from '../operations/cancellationOf';
import { interrupted, openWorld, runService, type World } from './world';

const day = 86_400;

const settings = { batchSize: 1000, planSeconds: 900, retryWaitSeconds: 3600, claimSeconds: 60 };
const request = cancellationOf({ filter: { state: { type: { any: ['RUNNING'] } } } });

describeOnEveryDatabase('the retention of bulk operations', database => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    world.pass(100 * day);
    await purge();
  });

  const purge = () => runService(operationRetention(90), world.services);
  const beginToPurge = () => {
    const { database, clock } = world.services;
    return beginPurge(database, addSeconds(clock(), -90 * day), clock());
  };
  const repeat = (id: BulkOperationId) => ({
    id,
    actor: 'tester',
    idempotencyKey: null,
    reason: 'a test',
    callerRenewsLeases: false,
  });
  const find = (id: BulkOperationId) => findOperation(world.services.database.primary, id);
  const undoOf = async (id: BulkOperationId) => (await findUndos(world.services.database.primary, [id]))[0];
  const count = (entity: EntitySchema, operationId: BulkOperationId): Promise<number> =>
    world.services.database.primary.getRepository(entity).countBy({ operationId });

  async function toItsEnd(answer: Awaited<ReturnType<typeof startBulkOperation>>): Promise<BulkOperation> {
    if (isRefused(answer)) throw new Error(answer.message);
    const { services } = world;
    const worker = startWorker(services, settings);
    try {
      await until(async () => {
        const found = await find(answer.id);
        return found !== null && hasEnded(found);
      });
      const operation = await find(answer.id);
      if (operation === null) throw new Error('the operation is gone');
      return operation;
    } finally {
      await worker.stop();
    }
  }

  async function endedOperation(runs: number): Promise<BulkOperation> {
    await world.makeMany(runs, 'RUNNING');
    return toItsEnd(await startBulkOperation(world.services, request));
  }

  test('deletes operations that ended long enough ago, with their items, and no others', async () => {
    const old = await endedOperation(3);
    world.pass(2 * day);
    const younger = await endedOperation(2);
    world.pass(89 * day);

    expect((await purge()).filter(gone => gone > 0)).toEqual([1]);

    expect(await find(old.id)).toBeNull();
    expect(await count(BulkOperationItemEntity, old.id)).toBe(0);
    expect(await count(BulkOperationBatchEntity, old.id)).toBe(0);
    expect(await find(younger.id)).not.toBeNull();
    expect(await count(BulkOperationItemEntity, younger.id)).toBe(2);
  });

  test('does not change the runs that they moved', async () => {
    const id = await world.make('RUNNING');
    await toItsEnd(await startBulkOperation(world.services, request));
    world.pass(100 * day);
    await purge();
    expect(await world.stateOf(id)).toMatchObject({ type: 'CANCELLED', written: 2 });
  });

  test('deletes the runs that a selection left which was broken off, and then the operation', async () => {
    const { services } = world;
    await world.makeMany(1200, 'PENDING');
    const filter = { state: { type: { any: ['PENDING' as const] } } };
    const withSubflows = cancellationOf({ filter, includeSubflows: true });
    const started = await startBulkOperation(services, withSubflows);
    if (isRefused(started)) throw new Error(started.message);
    const { id } = started;
    for (let step = 0; step < 2; step++) await selectNextPage(services, settings, started);
    expect(await count(SelectedRunEntity, id)).toBe(1200);
    await cancelBulkOperation(services, id, 'tester');
    world.pass(100 * day);

    expect((await purge()).filter(gone => gone > 0)).toEqual([1]);
    expect(await count(SelectedRunEntity, id)).toBe(0);
    expect(await find(id)).toBeNull();
  });

  test('continues after an interruption, and hides what is half deleted', async () => {
    const { services } = world;
    const { id } = await endedOperation(1200);
    world.pass(100 * day);
    expect(await beginToPurge()).toBe(id);
    expect(await purgeOperation(services.database, id)).toBe(false);
    expect(await count(BulkOperationItemEntity, id)).toBe(200);

    expect(await find(id)).toBeNull();
    expect(await undoBulkOperation(services, repeat(id))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await retryBulkOperation(services, { ...repeat(id), codes: null, brakes: {} })).toMatchObject({
      code: 'NOT_FOUND',
    });

    expect((await purge()).filter(gone => gone > 0)).toEqual([1]);
    for (const entity of [BulkOperationItemEntity, BulkOperationBatchEntity])
      expect(await count(entity, id)).toBe(0);
    const operations = services.database.primary.getRepository(BulkOperationEntity);
    expect(await operations.createQueryBuilder().where('deleted IS NOT NULL').getCount()).toBe(0);
  });

  test('frees the idempotency key from the beginning of the deletion', async () => {
    const keyed = { ...request, idempotencyKey: 'night' };
    const { id } = await toItsEnd(await startBulkOperation(world.services, keyed));
    expect(await startBulkOperation(world.services, keyed)).toMatchObject({ id });
    world.pass(100 * day);
    expect(await beginToPurge()).toBe(id);
    const next = await startBulkOperation(world.services, keyed);
    expect(next).toMatchObject({ status: 'QUEUED' });
    expect(next).not.toMatchObject({ id });
    await toItsEnd(next);
  });

  test('rejects an undo that has read the operation just before its deletion', async () => {
    const { id } = await endedOperation(2);
    world.pass(100 * day);
    const meanwhile = interrupted(world.services, beginToPurge);
    expect(await undoBulkOperation(meanwhile, repeat(id))).toMatchObject({ code: 'NOT_FOUND' });
    await purge();
    expect(await find(id)).toBeNull();
  });

  test('does not delete an operation whose undo is about to commit', async () => {
    const { id } = await endedOperation(2);
    world.pass(100 * day);
    const meanwhile = interrupted(world.services, () => undoBulkOperation(world.services, repeat(id)));
    const now = world.services.clock();
    expect(await beginPurge(meanwhile.database, addSeconds(now, -90 * day), now)).toBeNull();
    const undo = (await find(id)) && (await undoOf(id));
    if (!undo) throw new Error('there is no undo');
    expect(await toItsEnd(undo)).toMatchObject({ status: 'COMPLETED', skipped: 0 });
  });

  test('ends readers of the items with an error, not as if they had received all', async () => {
    const { id } = await endedOperation(1200);
    const items = await watchBulkOperationItems(world.services, id, 0);
    for (let position = 1; position <= 500; position++)
      expect((await items.next()).value).toMatchObject({ position });
    world.pass(100 * day);
    await purge();
    const rest = async () => {
      for await (const { position } of items) expect(position).toBeLessThanOrEqual(1000);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('rejects the retry of an undo whose operation is deleted, with the earlier states of its runs', async () => {
    const { id } = await endedOperation(2);
    world.pass(60 * day);
    const { database: opened } = world.services;
    const items = await opened.writer.getRepository(BulkOperationItemEntity).findBy({ operationId: id });
    await opened.writer
      .getRepository<ObjectLiteral>(FlowRunStateEntity)
      .delete({ id: In(items.map(({ previousStateId }) => previousStateId)) });
    const undo = await toItsEnd(await undoBulkOperation(world.services, repeat(id)));
    expect(undo).toMatchObject({ status: 'COMPLETED_WITH_FAILURES', accepted: 0 });
    world.pass(40 * day);
    await purge();
    expect(await find(id)).toBeNull();
    expect(
      await retryBulkOperation(world.services, { ...repeat(undo.id), codes: null, brakes: {} }),
    ).toMatchObject({
      code: 'NOTHING_TO_DO',
      message: expect.stringContaining('has been deleted'),
    });
  });

  test('does not delete an operation whose items another one still needs', async () => {
    const { id } = await endedOperation(2);
    const undo = await undoBulkOperation(world.services, repeat(id));
    world.pass(100 * day);
    await purge();
    expect(await find(id)).not.toBeNull();

    await toItsEnd(undo);
    await purge();
    expect(await find(id)).toBeNull();
  });

  test('does not delete operations that have not ended', async () => {
    const answer = await startBulkOperation(world.services, request);
    if (isRefused(answer)) throw new Error(answer.message);
    world.pass(1000 * day);
    await purge();
    expect(await find(answer.id)).not.toBeNull();
  });
});
