import { cancellationCleanup } from '../../src/background/cancellationCleanup';
import type { FlowRunId } from '../../src/domain/identifiers';
import { TaskRunEntity } from '../../src/persistence/entities/taskRun';
import { describeOnEveryDatabase } from '../harness/databases';
import { interrupted, openWorld, runService, type World } from './world';

const message = 'The parent flow run was cancelled.';

describeOnEveryDatabase('cancellation cleanup', database => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());

  const run = () => runService(cancellationCleanup, world.services);

  test.each(['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'] as const)(
    'cancels a subflow without a deployment that is %s together with its parent, and says why',
    async type => {
      const subflow = await world.subflow(await world.make('CANCELLED'), type);
      await run();
      expect(await world.stateOf(subflow)).toMatchObject({ type: 'CANCELLED', message, written: 2 });
    },
  );

  test.each([
    ['PENDING', 'CANCELLING'],
    ['RUNNING', 'CANCELLING'],
    ['PAUSED', 'CANCELLING'],
    ['SCHEDULED', 'CANCELLED'],
  ] as const)('moves a subflow with a deployment that is %s to %s, and says why', async (type, expected) => {
    const deploymentId = await world.deployment(null);
    const subflow = await world.subflow(await world.make('CANCELLED'), type, { deploymentId });
    await run();
    expect(await world.stateOf(subflow)).toMatchObject({ type: expected, message, written: 2 });
    await run();
    expect(await world.stateOf(subflow)).toMatchObject({ type: expected, written: 2 });
  });

  test('stops the infrastructure of a scheduled subflow', async () => {
    const deploymentId = await world.deployment(null);
    const more = { deploymentId, infrastructurePid: 'host:42' };
    const subflow = await world.subflow(await world.make('CANCELLED'), 'SCHEDULED', more);
    await run();
    expect(await world.stateOf(subflow)).toMatchObject({ type: 'CANCELLING', message });
  });

  test('cancels a suspended subflow, which has no infrastructure, at once', async () => {
    const deploymentId = await world.deployment(null);
    const state = { type: 'PAUSED', stateDetails: { pauseReschedule: true } } as const;
    const subflow = await world.subflow(await world.make('CANCELLED'), state, { deploymentId });
    await run();
    expect(await world.stateOf(subflow)).toMatchObject({ type: 'CANCELLED', message });
  });

  test.each(['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] as const)(
    'does not move a subflow that has ended %s',
    async type => {
      const subflow = await world.subflow(await world.make('CANCELLED'), type);
      await run();
      expect(await world.stateOf(subflow)).toMatchObject({ type, message: null, written: 1 });
    },
  );

  test.each(['RUNNING', 'CANCELLING', 'FAILED', 'CRASHED'] as const)(
    'does not move the subflows of a run that is %s',
    async type => {
      const subflow = await world.subflow(await world.make(type), 'RUNNING');
      await run();
      expect(await world.stateOf(subflow)).toMatchObject({ type: 'RUNNING', written: 1 });
    },
  );

  test('moves subflows of subflows one level in each round', async () => {
    const child = await world.subflow(await world.make('CANCELLED'), 'RUNNING');
    const grandchild = await world.subflow(child, 'RUNNING');
    await run();
    expect(await world.stateOf(child)).toMatchObject({ type: 'CANCELLED', message });
    await run();
    expect(await world.stateOf(grandchild)).toMatchObject({ type: 'CANCELLED', message });
  });

  test('frees the slot of a subflow once, when its cancellation ends', async () => {
    const deploymentId = await world.deployment(3);
    await world.start(deploymentId);
    const parent = await world.make('CANCELLED');
    const subflow = await world.subflow(parent, 'SCHEDULED', { deploymentId, infrastructurePid: 'host:42' });
    await world.move(subflow, 'PENDING');
    await world.move(subflow, 'RUNNING');
    await run();
    expect(await world.stateOf(subflow)).toMatchObject({ type: 'CANCELLING' });
    expect(await world.activeSlots(deploymentId)).toBe(2);
    await world.move(subflow, 'CANCELLED');
    expect(await world.activeSlots(deploymentId)).toBe(1);
    expect(await world.leases(deploymentId)).toHaveLength(1);
  });

  test('does not move a subflow that has just ended', async () => {
    const subflow = await world.subflow(await world.make('CANCELLED'), 'RUNNING');
    const late = interrupted(world.services, () => world.move(subflow, 'COMPLETED'));
    expect(await runService(cancellationCleanup, late)).toEqual([0]);
    expect(await world.stateOf(subflow)).toMatchObject({ type: 'COMPLETED', written: 2 });
  });

  test('stops a waiting subflow that has just received infrastructure in the next round', async () => {
    const deploymentId = await world.deployment(null);
    const subflow = await world.subflow(await world.make('CANCELLED'), 'SCHEDULED', { deploymentId });
    const late = interrupted(world.services, () => world.move(subflow, 'PENDING'));
    await runService(cancellationCleanup, late);
    expect(await world.stateOf(subflow)).toMatchObject({ type: 'PENDING', written: 2 });
    await run();
    expect(await world.stateOf(subflow)).toMatchObject({ type: 'CANCELLING', message, written: 3 });
  });

  test('moves many subflows in batches, each once, when two processes work at the same time', async () => {
    const parent = await world.make('CANCELLED');
    await world.subflow(parent, 'COMPLETED');
    const taskRuns = world.services.database.primary.getRepository(TaskRunEntity);
    const more = { parentTaskRunId: (await taskRuns.findOneByOrFail({ flowRunId: parent })).id };
    const ids = await world.makeMany(250, 'RUNNING', more);
    const [one, other] = await Promise.all([run(), runService(cancellationCleanup, await world.join())]);
    const moved = [...one, ...other];
    expect(moved.reduce((sum, count) => sum + count)).toBe(250);
    expect(Math.max(...moved)).toBeLessThanOrEqual(200);
    expect(await world.stateOf(ids[0] as FlowRunId)).toMatchObject({
      type: 'CANCELLED',
      message,
      written: 2,
    });
  });
});
