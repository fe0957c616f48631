import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { findFlowRunsByIds } from '../../../src/persistence/flowRuns/rowsById';
import { findMirror } from '../../../src/persistence/mirror/mirrorState';
import { createUpstreamClient } from '../../../src/upstream/client/createUpstreamClient';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { claimDatabase } from '../../../src/upstream/mirror/claimDatabase';
import type { MirrorServices } from '../../../src/upstream/mirror/copyFlowRuns';
import { type RunningMirror, startMirror } from '../../../src/upstream/mirror/startMirror';
import { missingPrefect } from '../../databases/testRun';
import { describeWhere } from '../../harness/describeWhere';
import { type FaultProxy, startFaultProxy } from '../../harness/faultProxy';
import { mirrorDifferences } from '../../harness/mirrorDifferences';
import { multiplyRuns } from '../../harness/multiplyRuns';
import { type PrefectSeed, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import { testServices } from '../../harness/services';
import { until } from '../../harness/waiting';

const burst = 1000;
/** How many runs the server moves in one call at most. */
const perCall = 50;
/** A client whose leases a server stores. */
const renewing = { 'user-agent': 'prefect/3.8.8 (API 0.8.4)' };
/** How often a run is read for an event: at once, and three times again. */
const maxReads = 4;

describeWhere(missingPrefect(), 'the mirror of a Prefect server', () => {
  let server: PrefectServer;
  let seed: PrefectSeed;
  let proxy: FaultProxy;
  let client: UpstreamClient;
  let folder: string;
  let database: Database;
  let mirror: RunningMirror;
  let flowId: string;
  let runs: string[];
  const reported: unknown[] = [];
  /** How often each run was read by its id. */
  const reads = new Map<string, number>();

  beforeAll(async () => {
    server = await startPrefectServer();
    seed = seedPrefect(server);
    flowId = await seed.flow();
    const [template = ''] = await seed.runs([{ flowId, states: [{ type: 'RUNNING' }] }]);
    await server.kill();
    runs = multiplyRuns(server.databaseFile, template, burst);
    await server.restart();
    proxy = await startFaultProxy(server.apiUrl);
    const plain = createUpstreamClient({
      apiUrl: proxy.url,
      timeoutSeconds: 60,
      inFlight: 4,
      userAgent: 'switchyard/test',
    });
    client = {
      ...plain,
      findFlowRunsByIds(ids, signal) {
        for (const id of ids) reads.set(id, (reads.get(id) ?? 0) + 1);
        return plain.findFlowRunsByIds(ids, signal);
      },
    };
    folder = await mkdtemp(join(tmpdir(), 'switchyard-mirror-'));
    database = await openDatabase({ url: `file:${join(folder, 'mirror.db')}` });
    await database.migrate();
    const services: MirrorServices = testServices(database, reported);
    await claimDatabase(services, client.address);
    // No sweep comes to the help of what is tested here, but the one after each connection.
    mirror = startMirror(services, client, { sweepSeconds: 3600, walkHours: 6 }, pino({ level: 'silent' }));
    await until(isFollowing);
  }, 180_000);
  afterAll(async () => {
    await mirror?.stop();
    await client.close();
    await database.close();
    await proxy.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const isFollowing = async () => (await findMirror(database.primary))?.phase === 'FOLLOWING';
  /** Waits until the mirror is exact, and shows what differs where it does not become so. */
  async function becomesExact(): Promise<void> {
    let seen: string[] = [];
    const isExact = async () => {
      seen = await mirrorDifferences(database, client);
      return seen.length === 0;
    };
    await until(isExact, () => seen.slice(0, 5));
  }
  const copyOf = async (id: string) =>
    (await findFlowRunsByIds(database.primary, [id as FlowRunId]))[0] ?? null;

  test('leaves a run as it is where an event reports a state that was rolled back', async () => {
    const deploymentId = await seed.deployment(flowId, { concurrency_limit: 1 });
    const [id = ''] = await seed.runs([{ flowId, deploymentId }]);
    for (const type of ['PENDING', 'RUNNING'])
      await seed.call('POST', `/flow_runs/${id}/set_state`, { state: { type } }, renewing);
    await until(async () => (await copyOf(id))?.stateType === 'RUNNING');
    const deployment = await seed.call('GET', `/deployments/${deploymentId}`);
    const limitId = (deployment as { global_concurrency_limit: { id: string } }).global_concurrency_limit.id;
    await seed.call('PATCH', `/v2/concurrency_limits/${limitId}`, { active: false });
    reads.clear();
    // The server fails to free the slot after it has sent the event.
    await expect(
      seed.call('POST', `/flow_runs/${id}/set_state`, { state: { type: 'CANCELLED' } }, renewing),
    ).rejects.toThrow('500');

    await until(() => reads.get(id) === maxReads);
    expect((await copyOf(id))?.stateType).toBe('RUNNING');
    await seed.call('PATCH', `/v2/concurrency_limits/${limitId}`, { active: true });
    await becomesExact();
    expect(reads.get(id)).toBe(maxReads);
  }, 60_000);

  test('shows what was moved while the stream of events was cut', async () => {
    const [first = '', second = ''] = runs;
    proxy.inject({ kind: 'respond', status: 503 }, ({ path }) => path.endsWith('/events/out'), 2);
    proxy.cut();
    await seed.move(first, { type: 'CANCELLED', name: 'Stopped' });
    await until(async () => (await copyOf(first))?.stateName === 'Stopped');
    await seed.move(second, { type: 'CRASHED', name: 'Lost' });
    await until(async () => (await copyOf(second))?.stateName === 'Lost');
    await until(isFollowing);
    await becomesExact();
  }, 60_000);

  test('shows all of 1000 runs that are moved at once', async () => {
    const parts = Array.from({ length: burst / perCall }, (_, part) =>
      runs.slice(part * perCall, (part + 1) * perCall),
    );
    await Promise.all(
      parts.map(ids =>
        seed.call('POST', '/flow_runs/bulk_set_state', {
          flow_runs: { id: { any_: ids } },
          state: { type: 'FAILED', name: 'Burst' },
          force: true,
          limit: perCall,
        }),
      ),
    );
    await until(async () => {
      const copies = await findFlowRunsByIds(database.primary, runs as FlowRunId[]);
      return copies.every(({ stateName }) => stateName === 'Burst');
    });
    await becomesExact();
    expect(reported).toEqual([]);
  }, 180_000);
});
