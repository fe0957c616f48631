import { expiredPauses } from '../../src/background/expiredPauses';
import { addSeconds } from '../../src/domain/instant';
import type { StateProposal } from '../../src/domain/state';
import type { StateChange } from '../../src/messaging/stateChanges';
import { describeOnEveryDatabase } from '../harness/databases';
import { interrupted, killed, openWorld, runService, type World } from './world';

describeOnEveryDatabase('expired pauses', database => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());

  const run = () => runService(expiredPauses, world.services);
  const paused = (seconds: number, more: Partial<StateProposal> = {}): StateProposal => ({
    type: 'PAUSED',
    stateDetails: { pauseTimeout: addSeconds(world.services.clock(), seconds), pauseKey: '1' },
    ...more,
  });

  test('fails a run that was not resumed before its pause timeout, and says why', async () => {
    const id = await world.make(paused(5));
    world.pass(5);
    expect(await run()).toEqual([]);
    expect(await world.stateOf(id)).toMatchObject({ type: 'PAUSED', written: 1 });
    world.pass(0.000_001);
    expect(await run()).toEqual([1]);
    expect(await world.stateOf(id)).toMatchObject({
      type: 'FAILED',
      written: 2,
      message: 'The flow was paused and never resumed.',
    });
    expect(await run()).toEqual([]);
  });

  test('fails a suspended run that has retries left, without a retry', async () => {
    const id = await world.make(
      { ...paused(5), name: 'Suspended' },
      { policy: { retries: 3, retryDelay: null, pauseKeys: ['1'], resuming: false, retryType: null } },
    );
    world.pass(6);
    expect(await run()).toEqual([1]);
    expect(await world.stateOf(id)).toMatchObject({ type: 'FAILED' });
  });

  test('does not move a pause without a timeout, or any other state', async () => {
    const forever = await world.make('PAUSED');
    const details = paused(5).stateDetails;
    const others = await Promise.all(
      (['SCHEDULED', 'RUNNING', 'COMPLETED'] as const).map(type =>
        world.make({ type, stateDetails: details }),
      ),
    );
    world.pass(10_000);
    expect(await run()).toEqual([]);
    for (const id of [forever, ...others]) expect(await world.stateOf(id)).toMatchObject({ written: 1 });
  });

  test('does not move a run that has just been resumed', async () => {
    const id = await world.make(paused(5));
    world.pass(4);
    const late = interrupted({ ...world.services, clock: () => addSeconds(world.services.clock(), 2) }, () =>
      world.move(id, 'RUNNING'),
    );
    expect(await runService(expiredPauses, late)).toEqual([0]);
    expect(await world.stateOf(id)).toMatchObject({ type: 'RUNNING', written: 2 });
  });

  test('announces its transitions to subscribers', async () => {
    const id = await world.make(paused(5));
    world.pass(6);
    const { stateChanges } = world.services;
    const seen: StateChange[] = [];
    const publish = (changes: readonly StateChange[]) => seen.push(...changes);
    await runService(expiredPauses, { ...world.services, stateChanges: { ...stateChanges, publish } });
    expect(seen).toMatchObject([
      { flowRunId: id, state: { type: 'FAILED', name: 'Failed' }, previousState: { type: 'PAUSED' } },
    ]);
  });

  test('moves each run once, in batches, when two processes work at the same time, and completes the work of a killed one', async () => {
    await world.makeMany(250, paused(5));
    world.pass(6);
    expect(await runService(expiredPauses, killed(world.services))).toEqual([0, 0]);
    const [one, other] = await Promise.all([run(), runService(expiredPauses, await world.join())]);
    const moved = [...one, ...other];
    expect(moved.reduce((sum, count) => sum + count)).toBe(250);
    expect(Math.max(...moved)).toBeLessThanOrEqual(200);
  });
});
