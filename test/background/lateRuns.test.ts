import { lateRuns } from '../../src/background/lateRuns';
import type { FlowRunId } from '../../src/domain/identifiers';
import { addSeconds } from '../../src/domain/instant';
import type { StateProposal } from '../../src/domain/state';
import { findFlowRunStatesByIds, findFlowRunsByIds } from '../../src/persistence/flowRuns/rowsById';
import { describeOnEveryDatabase } from '../harness/databases';
import { interrupted, killed, openWorld, runService, type World } from './world';

describeOnEveryDatabase('late runs', database => {
  const service = lateRuns(15);
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());

  const run = () => runService(service, world.services);
  const scheduled = (seconds = 0, name?: string): StateProposal => ({
    type: 'SCHEDULED',
    ...(name !== undefined && { name }),
    stateDetails: { scheduledTime: addSeconds(world.services.clock(), seconds) },
  });
  const read = async (id: FlowRunId) => {
    const { primary } = world.services.database;
    const [flowRun] = await findFlowRunsByIds(primary, [id]);
    const [state] = await findFlowRunStatesByIds(primary, flowRun?.stateId ? [flowRun.stateId] : []);
    return { flowRun, state };
  };

  test('marks a run that has not started 15 s after its scheduled time as late, and changes nothing else of it', async () => {
    const at = addSeconds(world.services.clock(), 60);
    const id = await world.make(scheduled(60));
    world.pass(74.999_999);
    expect(await run()).toEqual([]);
    world.pass(0.000_001);
    expect(await run()).toEqual([1]);
    expect(await read(id)).toMatchObject({
      flowRun: {
        stateType: 'SCHEDULED',
        stateName: 'Late',
        nextScheduledStartTime: at,
        expectedStartTime: at,
        runCount: 0,
      },
      state: { name: 'Late', message: null, stateDetails: { scheduledTime: at } },
    });
    expect(await run()).toEqual([]);
    expect(await world.stateOf(id)).toMatchObject({ written: 2 });
  });

  test('does not move scheduled runs of other names, or any other state', async () => {
    const ids = await Promise.all([
      ...['Late', 'AwaitingRetry', 'AwaitingConcurrencySlot', 'Resuming'].map(name =>
        world.make(scheduled(0, name)),
      ),
      ...(['PENDING', 'RUNNING', 'PAUSED', 'COMPLETED'] as const).map(type => world.make(type)),
    ]);
    world.pass(10_000);
    expect(await run()).toEqual([]);
    for (const id of ids) expect(await world.stateOf(id)).toMatchObject({ written: 1 });
  });

  test('cancels an overdue run of a full deployment whose collision strategy is CANCEL_NEW', async () => {
    const deploymentId = await world.deployment(1, 'CANCEL_NEW');
    await world.start(deploymentId);
    const id = await world.make(scheduled(), { deploymentId });
    world.pass(15);
    await run();
    expect(await world.stateOf(id)).toMatchObject({ type: 'CANCELLED' });
    expect(await world.activeSlots(deploymentId)).toBe(1);
  });

  test('does not move a run that a worker has just taken', async () => {
    const id = await world.make(scheduled());
    world.pass(15);
    const late = interrupted(world.services, () => world.move(id, 'PENDING'));
    expect(await runService(service, late)).toEqual([0]);
    expect(await world.stateOf(id)).toMatchObject({ type: 'PENDING', written: 2 });
  });

  test('starts a late run like any other', async () => {
    const id = await world.make(scheduled());
    world.pass(15);
    await run();
    await world.move(id, 'PENDING');
    await world.move(id, 'RUNNING');
    expect(await world.stateOf(id)).toMatchObject({ type: 'RUNNING', written: 4 });
  });

  test('moves each run once, in batches, when two processes work at the same time, and completes the work of a killed one', async () => {
    await world.makeMany(250, scheduled());
    world.pass(1);
    const last = await world.makeMany(200, scheduled());
    world.pass(15);
    expect(await runService(service, killed(world.services))).toEqual([0, 0, 0]);
    const [one, other] = await Promise.all([run(), runService(service, await world.join())]);
    const moved = [...one, ...other];
    expect(moved.reduce((sum, count) => sum + count)).toBe(450);
    expect(Math.max(...moved)).toBeLessThanOrEqual(200);
    expect((await read(last[0] as FlowRunId)).flowRun).toMatchObject({ stateName: 'Late' });
  });
});
