import { In } from 'typeorm';
import { cancellingTimeout } from '../../src/background/cancellingTimeout';
import type { StateChange } from '../../src/messaging/stateChanges';
import { FlowRunStateEntity } from '../../src/persistence/entities/state';
import { describeOnEveryDatabase } from '../harness/databases';
import { interrupted, killed, openWorld, runService, type World } from './world';

describeOnEveryDatabase('the cancelling timeout', database => {
  const service = cancellingTimeout(300);
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());

  const run = () => runService(service, world.services);

  test('cancels a run that has been cancelling for 300 s, and says why', async () => {
    const id = await world.make('CANCELLING');
    world.pass(299);
    expect(await run()).toEqual([]);
    expect(await world.stateOf(id)).toMatchObject({ type: 'CANCELLING', written: 1 });
    world.pass(1);
    expect(await run()).toEqual([1]);
    expect(await world.stateOf(id)).toMatchObject({
      type: 'CANCELLED',
      written: 2,
      message: 'Cancelled: the run had been cancelling for 300 s, and nothing had reported that it stopped.',
    });
    expect(await run()).toEqual([]);
  });

  test.each(['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'COMPLETED'] as const)(
    'does not move a run that is %s, however long',
    async type => {
      const id = await world.make(type);
      world.pass(10_000);
      expect(await run()).toEqual([]);
      expect(await world.stateOf(id)).toMatchObject({ type, written: 1 });
    },
  );

  test('frees the slot of the run', async () => {
    const deploymentId = await world.deployment(2);
    const id = await world.start(deploymentId);
    await world.move(id, 'CANCELLING');
    world.pass(301);
    await run();
    expect(await world.activeSlots(deploymentId)).toBe(0);
    expect(await world.leases(deploymentId)).toEqual([]);
  });

  test('announces its transitions to subscribers', async () => {
    const id = await world.make('CANCELLING');
    world.pass(300);
    const { stateChanges } = world.services;
    const seen: StateChange[] = [];
    const publish = (changes: readonly StateChange[]) => seen.push(...changes);
    await runService(service, { ...world.services, stateChanges: { ...stateChanges, publish } });
    expect(seen).toMatchObject([
      { flowRunId: id, state: { type: 'CANCELLED' }, previousState: { type: 'CANCELLING' } },
    ]);
  });

  test('does not move a run that its owner has just cancelled', async () => {
    const id = await world.make('CANCELLING');
    world.pass(300);
    const late = interrupted(world.services, () => world.move(id, 'CANCELLED'));
    expect(await runService(service, late)).toEqual([0]);
    expect(await world.stateOf(id)).toMatchObject({ type: 'CANCELLED', written: 2, message: null });
  });

  test('moves each run once, in batches, when two processes work at the same time', async () => {
    const ids = await world.makeMany(450, 'CANCELLING');
    world.pass(300);
    const [one, other] = await Promise.all([run(), runService(service, await world.join())]);
    const moved = [...one, ...other];
    expect(moved.reduce((sum, count) => sum + count)).toBe(450);
    expect(Math.max(...moved)).toBeLessThanOrEqual(200);
    const states = world.services.database.primary.getRepository(FlowRunStateEntity);
    expect(await states.count({ where: { flowRunId: In(ids), type: 'CANCELLED' } })).toBe(450);
  });

  test('leaves no half-written transition when the process is killed', async () => {
    const deploymentId = await world.deployment(2);
    const id = await world.start(deploymentId);
    await world.move(id, 'CANCELLING');
    world.pass(301);
    expect(await runService(service, killed(world.services))).toEqual([0]);
    expect(await world.stateOf(id)).toMatchObject({ type: 'CANCELLING', written: 4 });
    expect(await world.activeSlots(deploymentId)).toBe(1);
    expect(await run()).toEqual([1]);
    expect(await world.activeSlots(deploymentId)).toBe(0);
  });
});
