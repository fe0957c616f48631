import type { BulkOperationId } from '../../../src/domain/identifiers';
import { BulkOperationCommandEntity } from '../../../src/persistence/entities/bulkOperation';
import { purgeOperation } from '../../../src/persistence/operations/purge';
import { describeOnEveryDatabase } from '../../harness/databases';
import { type OperationGateway, startOperationGateway } from '../harness';

describeOnEveryDatabase('the commands to a bulk operation', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.clear();
  });
  afterAll(() => gateway.close());

  const commandsOf = async (id: string): Promise<unknown[]> => {
    const { bulkOperation } = await gateway.ask<{ bulkOperation: { commands: unknown[] } }>(
      'query ($id: ID!) { bulkOperation(id: $id) { commands { kind actor runsPerSecond } } }',
      { id },
    );
    return bulkOperation.commands;
  };
  const command = (kind: string, runsPerSecond: number | null = null) => ({
    kind,
    actor: 'local',
    runsPerSecond,
  });
  const flowRuns = { state: { type: { any: ['RUNNING'] } } };

  test('are stored in the order in which they were given, refused ones left out', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    const id = await gateway.plan({ state: { type: 'CANCELLED' }, flowRuns, runsPerSecond: 1 });
    await gateway.becomes(id, 'PLANNED');
    expect(await gateway.call('pauseBulkOperation', { id: ['ID!', id] })).toMatchObject({
      code: 'NOT_RUNNING',
    });
    await gateway.startPlanned(id);
    await gateway.call('pauseBulkOperation', { id: ['ID!', id] });
    await gateway.call('setBulkOperationRate', { id: ['ID!', id], runsPerSecond: ['Int', 7] });
    await gateway.call('setBulkOperationRate', { id: ['ID!', id], runsPerSecond: ['Int', null] });
    await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
    await gateway.ended(id);
    expect(await commandsOf(id)).toEqual([
      command('PLAN'),
      command('START_PLANNED'),
      command('PAUSE'),
      command('SET_RATE', 7),
      command('SET_RATE'),
      command('RESUME'),
    ]);
  });

  test('begin with START for an operation that is not planned, and are deleted with it', async () => {
    await gateway.createRuns(1, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'FAILED' }, flowRuns });
    await gateway.ended(id);
    expect(await commandsOf(id)).toEqual([command('START')]);
    const { database: opened } = gateway.services;
    while (!(await purgeOperation(opened, id as BulkOperationId)));
    const left = opened.writer
      .getRepository(BulkOperationCommandEntity)
      .findBy({ operationId: id as BulkOperationId });
    expect(await left).toEqual([]);
  });
});
