import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'libsql';
import pino from 'pino';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { findFlowRunsByIds } from '../../../src/persistence/flowRuns/rowsById';
import { findMirror } from '../../../src/persistence/mirror/mirrorState';
import { createUpstreamClient } from '../../../src/upstream/client/createUpstreamClient';
import type { ReportUnreadable } from '../../../src/upstream/client/unreadableRuns';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { claimDatabase } from '../../../src/upstream/mirror/claimDatabase';
import type { MirrorServices } from '../../../src/upstream/mirror/copyFlowRuns';
import { startMirror } from '../../../src/upstream/mirror/startMirror';
import { sweep } from '../../../src/upstream/mirror/sweep';
import { walkAll } from '../../../src/upstream/mirror/walkAll';
import { missingPrefect } from '../../databases/testRun';
import { describeWhere } from '../../harness/describeWhere';
import { multiplyRuns } from '../../harness/multiplyRuns';
import { type PrefectSeed, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import { testServices } from '../../harness/services';
import { until } from '../../harness/waiting';

/** More than two pages. */
const copies = 450;
const never = new AbortController().signal;
const logger = pino({ level: 'silent' });

describeWhere(missingPrefect(), 'runs of a Prefect server that cannot be read', () => {
  let server: PrefectServer;
  let seed: PrefectSeed;
  let client: UpstreamClient;
  let folder: string;
  let database: Database;
  let services: MirrorServices;
  let ids: FlowRunId[];
  const reports: Parameters<ReportUnreadable>[] = [];
  const faults: unknown[] = [];

  beforeAll(async () => {
    server = await startPrefectServer();
    seed = seedPrefect(server);
    const flowId = await seed.flow();
    const [template = ''] = await seed.runs([{ flowId, states: [{ type: 'RUNNING' }] }]);
    await server.kill();
    ids = [template, ...multiplyRuns(server.databaseFile, template, copies)] as FlowRunId[];
    await server.restart();
    client = createUpstreamClient({
      apiUrl: server.apiUrl,
      timeoutSeconds: 60,
      inFlight: 4,
      userAgent: 'switchyard/test',
      onUnreadable: (...report) => void reports.push(report),
    });
    folder = await mkdtemp(join(tmpdir(), 'switchyard-unreadable-'));
    database = await openDatabase({ url: `file:${join(folder, 'mirror.db')}` });
    await database.migrate();
    services = testServices(database, faults);
    await claimDatabase(services, client.address);
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Changes what the server has stored, in ways that its API does not allow. */
  async function corrupt(...statements: readonly string[]): Promise<void> {
    await server.kill();
    const file = new SqliteDatabase(server.databaseFile);
    for (const statement of statements) file.exec(statement);
    file.close();
    await server.restart();
  }
  const copied = async () =>
    new Set((await findFlowRunsByIds(database.primary, ids)).flatMap(run => (run ? [run.id] : [])));

  test('are left out and reported once, and hold up no other run; their copies stay as they were', async () => {
    await walkAll(services, client, never);
    expect((await copied()).size).toBe(ids.length);
    const [foreign, broken, alsoBroken] = [ids[20], ids[200], ids[440]] as FlowRunId[];
    const [fresh, freshBroken] = multiplied(2);
    await corrupt(
      // The server passes it on, and it is larger than any number here.
      `UPDATE flow_run SET run_count = 9007199254740993 WHERE id = '${foreign}'`,
      // The server fails on these.
      ...[broken, alsoBroken, freshBroken].map(
        id => `UPDATE flow_run SET empirical_policy = '{"retries": "many"}' WHERE id = '${id}'`,
      ),
    );
    await seed.call('PATCH', `/flow_runs/${ids[100]}`, { name: 'renamed' });
    await sweep(services, client, null, never);
    await walkAll(services, client, never);
    await walkAll(services, client, never);

    const found = await copied();
    expect(ids.filter(id => !found.has(id))).toEqual([]);
    const names = new Map(
      (await findFlowRunsByIds(database.primary, [ids[100], fresh] as FlowRunId[])).map(run => [
        run.id,
        run.name,
      ]),
    );
    expect(names.get(ids[100] as FlowRunId)).toBe('renamed');
    expect(names.has(fresh as FlowRunId)).toBe(true);
    // The server does not show the id of the fourth, which was not copied before.
    expect(client.unreadable.size).toBe(3);
    const named = reports.flatMap(([report]) => ('flowRunId' in report ? [report.flowRunId] : []));
    expect(named.sort((one, other) => one.localeCompare(other))).toEqual(
      [foreign, broken, alsoBroken].sort((one, other) => String(one).localeCompare(String(other))),
    );
    expect(reports.find(([report]) => 'flowRunId' in report && report.flowRunId === foreign)?.[1]).toContain(
      'run_count',
    );
    expect(faults).toEqual([]);
  }, 120_000);

  /** Makes runs that the mirror has not met. */
  function multiplied(count: number): string[] {
    return multiplyRuns(server.databaseFile, ids[0] ?? '', count);
  }

  test('are counted in the state of the mirror, until they can be read again', async () => {
    const mirror = startMirror(services, client, { sweepSeconds: 1, walkHours: 6 }, logger);
    try {
      const state = () => findMirror(database.primary);
      await until(async () => (await state())?.phase === 'FOLLOWING');
      await until(async () => (await state())?.unreadable === 3);
      await corrupt(
        `UPDATE flow_run SET empirical_policy = '{}' WHERE empirical_policy LIKE '%many%'`,
        'UPDATE flow_run SET run_count = 1 WHERE run_count > 1000',
      );
      await until(async () => (await state())?.unreadable === 0);
    } finally {
      await mirror.stop();
    }
  }, 120_000);
});
