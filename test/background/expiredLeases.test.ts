import { v7 } from 'uuid';
import { expiredLeases } from '../../src/background/expiredLeases';
import type { DeploymentId, FlowRunId, LeaseId } from '../../src/domain/identifiers';
import { addSeconds } from '../../src/domain/instant';
import { bulkDeleteFlowRuns } from '../../src/flowRuns/deleteFlowRuns';
import { updateDeployment } from '../../src/flowRuns/flowsAndDeployments';
import { renewConcurrencyLease } from '../../src/flowRuns/renewConcurrencyLease';
import { insertRows } from '../../src/persistence/connection/hotInsertRows';
import { DeploymentEntity, LeaseEntity } from '../../src/persistence/entities/deployment';
import { describeOnEveryDatabase } from '../harness/databases';
import { killed, openWorld, runService, type World } from './world';

describeOnEveryDatabase('expired leases', database => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());

  const leaseOf = async (id: FlowRunId) => (await world.stateOf(id)).leaseId as LeaseId;
  const renew = async (id: FlowRunId) => renewConcurrencyLease(world.services, await leaseOf(id), 300);
  const run = () => runService(expiredLeases, world.services);

  /** A deployment with one run whose slot was freed when its lease ended, and one that goes on. */
  async function withEndedLease(state: 'PENDING' | 'RUNNING') {
    const deploymentId = await world.deployment(5);
    const ended = await world.make('SCHEDULED', { deploymentId });
    await world.move(ended, 'PENDING');
    if (state === 'RUNNING') await world.move(ended, 'RUNNING');
    world.pass(301);
    await world.start(deploymentId);
    await run();
    expect(await world.activeSlots(deploymentId)).toBe(1);
    return { deploymentId, ended };
  }

  test('frees the slots of expired leases, and not those of leases renewed in time', async () => {
    const deploymentId = await world.deployment(5);
    await world.start(deploymentId);
    const renewed = await world.start(deploymentId);
    world.pass(299);
    expect(await renew(renewed)).toBe(true);
    world.pass(1);
    expect(await run()).toEqual([0]);
    expect(await world.activeSlots(deploymentId)).toBe(2);
    world.pass(1);
    expect(await run()).toEqual([1]);
    expect(await world.activeSlots(deploymentId)).toBe(1);
    expect(await run()).toEqual([0]);
    expect(await world.activeSlots(deploymentId)).toBe(1);
    world.pass(1000);
    await run();
  });

  test('does not change the runs that held the leases', async () => {
    const { ended } = await withEndedLease('RUNNING');
    expect(await world.stateOf(ended)).toMatchObject({ type: 'RUNNING', written: 3 });
  });

  test('rejects the renewal of an expired lease', async () => {
    const { ended } = await withEndedLease('RUNNING');
    expect(await renew(ended)).toBe(false);
  });

  test.each(['COMPLETED', 'CANCELLED', 'SCHEDULED'] as const)(
    'frees no second slot when the run becomes %s, and deletes the lease',
    async type => {
      const { deploymentId, ended } = await withEndedLease('RUNNING');
      const lease = await leaseOf(ended);
      expect(await world.leases(deploymentId)).toContain(lease);
      await world.move(ended, type);
      expect(await world.activeSlots(deploymentId)).toBe(1);
      expect(await world.leases(deploymentId)).not.toContain(lease);
    },
  );

  test('frees no second slot when the run is deleted, and deletes the lease', async () => {
    const { deploymentId, ended } = await withEndedLease('RUNNING');
    const lease = await leaseOf(ended);
    expect(await bulkDeleteFlowRuns(world.services, { id: { any: [ended] } }, 1)).toEqual([ended]);
    expect(await world.activeSlots(deploymentId)).toBe(1);
    expect(await world.leases(deploymentId)).not.toContain(lease);
  });

  test('a run that starts to run takes its slot again, and frees it afterwards', async () => {
    const { deploymentId, ended } = await withEndedLease('PENDING');
    const lease = await leaseOf(ended);
    await world.move(ended, 'RUNNING');
    expect(await world.activeSlots(deploymentId)).toBe(2);
    expect(await leaseOf(ended)).not.toBe(lease);
    await world.move(ended, 'COMPLETED');
    expect(await world.activeSlots(deploymentId)).toBe(1);
    expect(await world.leases(deploymentId)).toHaveLength(1);
  });

  test('frees no second slot when an older client, which renews no lease, continues without one', async () => {
    const { deploymentId, ended } = await withEndedLease('PENDING');
    await world.move(ended, 'RUNNING', { renews: false });
    await world.move(ended, 'COMPLETED', { renews: false });
    expect(await world.activeSlots(deploymentId)).toBe(1);
    expect(await world.leases(deploymentId)).toHaveLength(1);
  });

  test('frees slots after the limit was removed', async () => {
    const deploymentId = await world.deployment(5);
    const ended = await world.start(deploymentId);
    await updateDeployment(world.services, deploymentId, { concurrencyLimit: null });
    world.pass(301);
    await run();
    expect(await world.activeSlots(deploymentId)).toBe(0);
    await world.move(ended, 'COMPLETED');
    expect(await world.leases(deploymentId)).toEqual([]);
  });

  test('a lease is renewed or freed, and never both', async () => {
    const deploymentId = await world.deployment(50);
    const runs = [];
    for (let count = 0; count < 12; count++) runs.push(await world.start(deploymentId));
    world.pass(301);
    const [freed, ...renewals] = await Promise.all([run(), ...runs.map(renew)]);
    const renewed = renewals.filter(Boolean).length;
    expect(await world.activeSlots(deploymentId)).toBe(renewed);
    expect(freed.reduce((sum, count) => sum + count)).toBe(runs.length - renewed);
  });

  async function insertLeases(deploymentId: DeploymentId, count: number, seconds: number): Promise<void> {
    const now = world.services.clock();
    const leases = Array.from({ length: count }, () => ({
      id: v7() as LeaseId,
      deploymentId,
      expiration: addSeconds(now, seconds),
      revoked: null,
      created: now,
    }));
    await insertRows(world.services.database.writer, LeaseEntity, leases);
    const deployments = world.services.database.writer.getRepository(DeploymentEntity);
    await deployments.increment({ id: deploymentId }, 'activeSlots', count);
  }

  test('two processes at the same time free leases in batches, each once', async () => {
    world.pass(1000);
    await run();
    const [one, other] = [await world.deployment(1000), await world.deployment(1000)];
    await insertLeases(one, 230, -10);
    await insertLeases(one, 40, 10_000);
    await insertLeases(other, 220, -5);
    const batches = await Promise.all([run(), runService(expiredLeases, await world.join())]);
    const freed = batches.flat();
    expect(freed.reduce((sum, count) => sum + count)).toBe(450);
    expect(Math.max(...freed)).toBe(200);
    expect(await world.activeSlots(one)).toBe(40);
    expect(await world.activeSlots(other)).toBe(0);
  });

  test('a kill half-way frees no lease, and the next process frees each once', async () => {
    const deploymentId = await world.deployment(5);
    await insertLeases(deploymentId, 2, -10);
    await insertLeases(deploymentId, 1, 10_000);
    await expect(runService(expiredLeases, killed(world.services))).rejects.toThrow('killed');
    expect(await world.activeSlots(deploymentId)).toBe(3);
    expect(await run()).toEqual([2]);
    expect(await world.activeSlots(deploymentId)).toBe(1);
  });
});
