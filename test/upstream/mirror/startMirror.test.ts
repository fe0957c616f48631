import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { FlowId, FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { findFlowRunsByIds } from '../../../src/persistence/flowRuns/rowsById';
import { findMirror } from '../../../src/persistence/mirror/mirrorState';
import { findFlowIds } from '../../../src/persistence/mirror/storeFlowsAndDeployments';
import { createUpstreamClient } from '../../../src/upstream/client/createUpstreamClient';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { claimDatabase } from '../../../src/upstream/mirror/claimDatabase';
import type { MirrorServices } from '../../../src/upstream/mirror/copyFlowRuns';
import { expectedStartPages } from '../../../src/upstream/mirror/expectedStartPages';
import { type RunningMirror, startMirror } from '../../../src/upstream/mirror/startMirror';
import { walkAll } from '../../../src/upstream/mirror/walkAll';
import { mirrorDifferences } from '../../harness/mirrorDifferences';
import { type PrefectSeed, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import { testServices } from '../../harness/services';
import { until } from '../../harness/waiting';

const tied = '2030-01-01T00:00:00.000000Z';
const tiedRuns = 230;
const logger = pino({ level: 'silent' });

describe('the mirror of a Prefect server', () => {
  let server: PrefectServer;
  let seed: PrefectSeed;
  let client: UpstreamClient;
  let folder: string;
  let database: Database;
  let services: MirrorServices;
  let flowId: string;
  let runs: string[];
  let mirror: RunningMirror | null = null;
  const reported: unknown[] = [];

  beforeAll(async () => {
    server = await startPrefectServer({ services: true });
    seed = seedPrefect(server);
    client = createUpstreamClient({
      apiUrl: server.apiUrl,
      timeoutSeconds: 30,
      inFlight: 4,
      userAgent: 'switchyard/test',
    });
    folder = await mkdtemp(join(tmpdir(), 'switchyard-mirror-'));
    database = await openDatabase({ url: `file:${join(folder, 'mirror.db')}` });
    await database.migrate();
    services = testServices(database, reported);
    flowId = await seed.flow('first');
    runs = await seed.runs([
      ...Array.from({ length: tiedRuns }, (_, number) => ({
        flowId,
        name: `tied-${number}`,
        tags: ['tied', `number-${number}`],
        states: [{ type: 'SCHEDULED' as const, state_details: { scheduled_time: tied } }],
      })),
      { flowId, parameters: { a: [1, 2.5, 'ä'] }, retries: 2, retryDelay: 3, states: [{ type: 'FAILED' }] },
      { flowId, states: [{ type: 'RUNNING' }, { type: 'COMPLETED', message: 'done' }] },
    ]);
    await claimDatabase(services, client.address);
  }, 180_000);
  afterAll(async () => {
    await mirror?.stop();
    await client.close();
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const settings = { sweepSeconds: 1, walkHours: 6 };
  const copyOf = async (id: string | undefined) =>
    (await findFlowRunsByIds(database.primary, [id as FlowRunId]))[0] ?? null;
  const isExact = async () => (await mirrorDifferences(database, client)).length === 0;
  const phase = async () => (await findMirror(database.primary))?.phase;

  test('goes on with a walk that was interrupted, also amid runs that are expected at one time', async () => {
    const interrupted = new AbortController();
    const pages: number[] = [];
    const counted: UpstreamClient = {
      ...client,
      async findFlowRuns(query, signal) {
        if (pages.length === 1) interrupted.abort();
        const found = await client.findFlowRuns(query, signal);
        pages.push(found.count);
        return found;
      },
    };
    await expect(walkAll(services, counted, interrupted.signal)).rejects.toThrow();
    const before = await findMirror(database.primary);
    expect(before).toMatchObject({ walk: 1, lastWalk: null, walkAfter: tied });
    await walkAll(services, client, new AbortController().signal);
    const after = await findMirror(database.primary);
    expect(after).toMatchObject({ walk: 1, walkAfter: null });
    expect(after?.lastWalk).not.toBeNull();
    expect(await mirrorDifferences(database, client)).toEqual([]);
  });

  test('reads more runs of one expected start time than are named in a call', async () => {
    const met: FlowRunId[] = [];
    const query = { filter: {}, from: null };
    for await (const { rows } of expectedStartPages(client, services.clock, query, undefined, 100))
      met.push(...rows.map(({ flowRun }) => flowRun.id));
    expect(new Set(met)).toEqual(new Set(runs));
  });

  test('shows what another client moves', async () => {
    mirror = startMirror(services, client, settings, logger);
    await until(async () => (await phase()) === 'FOLLOWING');
    await seed.move(runs[0] ?? '', { type: 'CANCELLED', name: 'Stopped' });
    await until(async () => (await copyOf(runs[0]))?.stateName === 'Stopped');
    expect((await findMirror(database.primary))?.lagSeconds).toBeGreaterThan(0);
  });

  test('shows what makes no event: runs of the scheduler, deleted runs and flows, new names', async () => {
    const scheduled = await seed.scheduledRuns(flowId);
    await until(async () => (await copyOf(scheduled[0])) !== null);
    await seed.deleteRun(runs[1] ?? '');
    await until(async () => (await copyOf(runs[1])) === null);
    const flow = await seed.flow('gone soon');
    const [ofFlow] = await seed.runs([{ flowId: flow }]);
    await until(async () => (await copyOf(ofFlow)) !== null);
    await seed.call('DELETE', `/flows/${flow}`);
    await until(async () => !(await findFlowIds(database.primary)).includes(flow as FlowId));
    expect(await copyOf(ofFlow)).toBeNull();
    await seed.call('PATCH', `/flow_runs/${runs[2]}`, { name: 'renamed', tags: ['new'] });
    await until(async () => (await copyOf(runs[2]))?.name === 'renamed');
  }, 60_000);

  test('catches up after a burst of events, and after the server was away', async () => {
    const move = (ids: readonly string[], type: string) =>
      seed.call('POST', '/flow_runs/bulk_set_state', {
        flow_runs: { id: { any_: ids } },
        state: { type },
        force: true,
        limit: 50,
      });
    for (let start = 2; start < 202; start += 50) await move(runs.slice(start, start + 50), 'CANCELLED');
    await server.kill();
    await until(async () => (await phase()) === 'BEHIND');
    await server.restart();
    await move(runs.slice(2, 52), 'FAILED');
    await until(async () => (await phase()) === 'FOLLOWING');
    await until(isExact);
  }, 90_000);

  test('deletes what is gone at the next walk, and reports no fault', async () => {
    await mirror?.stop();
    mirror = null;
    await seed.deleteRun(runs.at(-1) ?? '');
    await walkAll(services, client, new AbortController().signal);
    expect(await copyOf(runs.at(-1))).toBeNull();
    expect(await mirrorDifferences(database, client)).toEqual([]);
    expect(reported).toEqual([]);
  });

  test('is refused in the database of another server', async () => {
    await expect(claimDatabase(services, 'http://other:4200/api')).rejects.toThrow(
      `PREFECT_API_URL is http://other:4200/api, but the database is the mirror of ${client.address}`,
    );
  });
});
