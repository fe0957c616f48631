import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { findFlowRunsByIds } from '../../../src/persistence/flowRuns/rowsById';
import { createUpstreamClient } from '../../../src/upstream/client/createUpstreamClient';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { UpstreamError, type UpstreamFailure } from '../../../src/upstream/client/upstreamError';
import { refreshFlowRuns } from '../../../src/upstream/mirror/refreshFlowRuns';
import { missingPrefect } from '../../databases/testRun';
import { describeWhere } from '../../harness/describeWhere';
import { seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import { testServices } from '../../harness/services';

const internalError: UpstreamFailure = { kind: 'serverError', status: 500 };

describeWhere(missingPrefect(), 'reading runs of a Prefect server again', () => {
  let server: PrefectServer;
  let client: UpstreamClient;
  let folder: string;
  let database: Database;
  let ids: FlowRunId[];
  const reported: unknown[] = [];

  beforeAll(async () => {
    server = await startPrefectServer();
    client = createUpstreamClient({
      apiUrl: server.apiUrl,
      timeoutSeconds: 30,
      inFlight: 2,
      userAgent: 'switchyard/test',
    });
    folder = await mkdtemp(join(tmpdir(), 'switchyard-refresh-'));
    database = await openDatabase({ url: `file:${join(folder, 'mirror.db')}` });
    await database.migrate();
    const seed = seedPrefect(server);
    const flowId = await seed.flow();
    ids = (await seed.runs(Array.from({ length: 9 }, () => ({ flowId })))) as FlowRunId[];
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.writer.getRepository<object>(FlowRunEntity).deleteAll();
    reported.length = 0;
  });

  const services = () => testServices(database, reported);
  /** The server, as it were if reading some of its runs failed; and if no run could even be counted. */
  const failingOn = (bad: readonly FlowRunId[], failure: UpstreamFailure, isBroken = false) => ({
    ...client,
    findFlowRunsByIds: async (asked: readonly FlowRunId[], signal?: AbortSignal) => {
      if (asked.some(id => bad.includes(id))) throw new UpstreamError('HTTP 500', failure);
      return client.findFlowRunsByIds(asked, signal);
    },
    countFlowRuns: async (...given: Parameters<UpstreamClient['countFlowRuns']>) => {
      if (isBroken) throw new UpstreamError('HTTP 500', internalError);
      return client.countFlowRuns(...given);
    },
  });
  const copied = async () =>
    new Set((await findFlowRunsByIds(database.primary, ids)).flatMap(run => (run ? [run.id] : [])));

  test.each<UpstreamFailure>([internalError, { kind: 'malformed', detail: 'it has no state' }])(
    'leaves out the runs on which alone the server fails: %p',
    async failure => {
      const bad = [ids[2], ids[7]] as FlowRunId[];
      const unread = await refreshFlowRuns(services(), failingOn(bad, failure), ids);
      expect([...unread.keys()].sort()).toEqual([...bad].sort());
      expect([...unread.values()][0]).toEqual({ isServerFault: true, reason: 'HTTP 500' });
      expect(await copied()).toEqual(new Set(ids.filter(id => !bad.includes(id))));
    },
  );

  test('fails as a whole where the server works for no run, or is away', async () => {
    await expect(refreshFlowRuns(services(), failingOn(ids, internalError, true), ids)).rejects.toThrow(
      'HTTP 500',
    );
    for (const failure of [
      { kind: 'unreachable' },
      { kind: 'serverError', status: 503 },
      { kind: 'busy', retryAfterSeconds: 1 },
      { kind: 'refused', status: 401 },
    ] as const)
      await expect(refreshFlowRuns(services(), failingOn(ids.slice(0, 1), failure), ids)).rejects.toThrow(
        UpstreamError,
      );
    expect(await copied()).toEqual(new Set());
  });

  test('leaves out a run whose copy the database does not take', async () => {
    const [bad = ''] = ids;
    await database.writer.query(
      `CREATE TRIGGER refuse_run BEFORE INSERT ON flow_run WHEN NEW.id = '${bad}' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
    try {
      const unread = await refreshFlowRuns(services(), client, ids);
      expect([...unread]).toEqual([[bad, { isServerFault: false, reason: expect.any(String) }]]);
    } finally {
      await database.writer.query('DROP TRIGGER refuse_run');
    }
    expect((await copied()).size).toBe(ids.length - 1);
    expect(reported).toHaveLength(1);
  });
});
