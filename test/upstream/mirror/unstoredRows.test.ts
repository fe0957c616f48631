import type { Flow, FlowRun } from '../../../src/domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { DeploymentEntity, FlowEntity } from '../../../src/persistence/entities/deployment';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { MirrorEntity, MirroredFlowRunEntity } from '../../../src/persistence/entities/mirror';
import {
  findDeploymentsByIds,
  findFlowRunsByIds,
  findFlowsByIds,
} from '../../../src/persistence/flowRuns/rowsById';
import { findMirror } from '../../../src/persistence/mirror/mirrorState';
import type { Services } from '../../../src/transitions/services';
import { createUnreadableRuns, type ReportUnreadable } from '../../../src/upstream/client/unreadableRuns';
import type {
  UpstreamClient,
  UpstreamDeployment,
  UpstreamFlowRun,
} from '../../../src/upstream/client/upstreamClient';
import { claimDatabase } from '../../../src/upstream/mirror/claimDatabase';
import { refreshDeployments } from '../../../src/upstream/mirror/refreshDeployments';
import { refreshFlowRuns } from '../../../src/upstream/mirror/refreshFlowRuns';
import { refreshFlows } from '../../../src/upstream/mirror/refreshFlows';
import { walkAll } from '../../../src/upstream/mirror/walkAll';
import { describeOnDatabases } from '../../harness/databases';
import { testServices } from '../../harness/services';
import { at, idOf, sampleRun } from '../../persistence/sampleRuns';
import { emptyPage, emptyServer } from './emptyServer';

const { signal } = new AbortController();
/** No database takes it, and no schema of the server lets it pass: it stands for what nothing foresaw. */
const noName = null as unknown as string;

const flowOf = (number: number, name = `flow ${number}`): Flow => ({
  id: idOf<FlowId>(number),
  name,
  created: at(0),
  updated: at(0),
});
const deploymentOf = (number: number, name = `deployment ${number}`): UpstreamDeployment => ({
  id: idOf<DeploymentId>(number),
  name,
  flowId: idOf<FlowId>(1),
  concurrencyLimit: null,
  collisionStrategy: 'ENQUEUE',
  gracePeriodSeconds: null,
  activeSlots: 0,
  isLimitActive: true,
  created: at(0),
  updated: at(0),
});
const runOf = (number: number, given: Partial<FlowRun> = {}): UpstreamFlowRun => ({
  flowRun: sampleRun(number, { flowId: idOf<FlowId>(1), expectedStartTime: at(number), ...given }),
  state: null,
  extras: {},
});
const withIds = <Row extends { id: Id }, Id>(
  rows: readonly Row[],
  page: { ids: readonly Id[] } | { offset: number },
) => ('ids' in page ? rows.filter(({ id }) => page.ids.includes(id)) : [...rows]);

/** What a server has. */
interface Content {
  runs: UpstreamFlowRun[];
  flows: Flow[];
  /** Flows that exist, and are not as the API promises. */
  unreadableFlows?: FlowId[];
  deployments?: UpstreamDeployment[];
}

describeOnDatabases(['embedded', 'mysql'], 'rows of a server that cannot be copied', database => {
  let opened: Database;
  let services: Services;
  const faults: unknown[] = [];
  const reports: Parameters<ReportUnreadable>[] = [];
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    services = testServices(opened, faults);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    for (const entity of [MirrorEntity, MirroredFlowRunEntity, FlowRunEntity, FlowEntity, DeploymentEntity])
      await opened.writer.getRepository<object>(entity).deleteAll();
    faults.length = 0;
    reports.length = 0;
    await claimDatabase(services, emptyServer().address);
  });

  function serverWith({ runs, flows, unreadableFlows = [], deployments = [] }: Content): UpstreamClient {
    const page = (rows: UpstreamFlowRun[]) => ({ ...emptyPage(), rows, count: rows.length });
    return emptyServer({
      unreadable: createUnreadableRuns((...report) => void reports.push(report)),
      findFlowRuns: async () => page(runs),
      findFlowRunsByIds: async ids => page(runs.filter(({ flowRun }) => ids.includes(flowRun.id))),
      findFlows: async asked => ({ rows: withIds(flows, asked), unreadable: unreadableFlows }),
      findDeployments: async asked => ({ rows: withIds(deployments, asked), unreadable: [] }),
    });
  }
  const copied = async (runs: readonly UpstreamFlowRun[]) =>
    (
      await findFlowRunsByIds(
        opened.primary,
        runs.map(({ flowRun }) => flowRun.id),
      )
    )
      .map(({ id }) => id)
      .sort();
  const isEnded = async () => (await findMirror(opened.primary))?.lastWalk !== null;

  test('are left out by a walk where they are runs, and counted and reported once, until they can be', async () => {
    const good = Array.from({ length: 9 }, (_, number) => runOf(number));
    const bad = [runOf(20, { name: noName }), runOf(21, { name: noName })];
    const client = serverWith({ runs: [...good.slice(0, 4), ...bad, ...good.slice(4)], flows: [flowOf(1)] });
    await walkAll(services, client, signal);
    expect(await isEnded()).toBe(true);
    expect(await copied([...good, ...bad])).toEqual(good.map(({ flowRun }) => flowRun.id));
    expect(client.unreadable.size).toBe(2);

    const badIds = bad.map(({ flowRun }) => flowRun.id);
    const unread = await refreshFlowRuns(services, client, [...badIds, idOf<FlowRunId>(3)]);
    expect([...unread.keys()].sort()).toEqual(badIds);
    expect([...unread.values()][0]).toMatchObject({ isServerFault: false });
    expect(reports.map(([found]) => found)).toEqual(badIds.map(flowRunId => ({ flowRunId })));
    expect(faults).toHaveLength(2);

    for (const { flowRun } of bad) flowRun.name = 'mended';
    expect(await refreshFlowRuns(services, client, badIds)).toEqual(new Map());
    expect(await copied(bad)).toEqual(badIds);
    expect(client.unreadable.size).toBe(0);
  });

  test('take only the runs of their flow with them where they are flows', async () => {
    const good = [runOf(1), runOf(4)];
    const bad = [runOf(2, { flowId: idOf<FlowId>(2) }), runOf(3, { flowId: idOf<FlowId>(2) })];
    const client = serverWith({ runs: [...good, ...bad], flows: [flowOf(1), flowOf(2, noName)] });
    await walkAll(services, client, signal);
    expect(await isEnded()).toBe(true);
    expect(await copied([...good, ...bad])).toEqual(good.map(({ flowRun }) => flowRun.id));
    expect(client.unreadable.size).toBe(2);
  });

  test('leave the runs of a flow that cannot be read as they were, and are not taken for deleted', async () => {
    const runs = [runOf(1), runOf(2, { flowId: idOf<FlowId>(2) })];
    const client = serverWith({ runs, flows: [flowOf(1)], unreadableFlows: [idOf<FlowId>(2)] });
    await walkAll(services, client, signal);
    expect(await copied(runs)).toEqual([idOf<FlowRunId>(1)]);
    expect(client.unreadable.size).toBe(1);
    const unread = await refreshFlowRuns(services, client, [idOf<FlowRunId>(1), idOf<FlowRunId>(2)]);
    expect([...unread]).toEqual([[idOf<FlowRunId>(2), expect.objectContaining({ isServerFault: true })]]);

    await refreshFlows(services, serverWith({ runs: [], flows: [flowOf(1), flowOf(2)] }), signal);
    await refreshFlows(services, client, signal);
    const known = await findFlowsByIds(opened.primary, [idOf<FlowId>(1), idOf<FlowId>(2)]);
    expect(known).toHaveLength(2);
  });

  test('hold up no others where they are flows or deployments that a sweep reads', async () => {
    const flows = [flowOf(1), flowOf(2, noName), flowOf(3)];
    const deployments = [deploymentOf(1), deploymentOf(2, noName), deploymentOf(3)];
    const client = serverWith({ runs: [], flows, deployments });
    for (const _ of ['one sweep', 'another']) {
      await refreshDeployments(services, client);
      await refreshFlows(services, client, signal);
    }
    const flowIds = flows.map(({ id }) => id);
    const deploymentIds = deployments.map(({ id }) => id);
    expect((await findFlowsByIds(opened.primary, flowIds)).map(({ name }) => name).sort()).toEqual([
      'flow 1',
      'flow 3',
    ]);
    expect(
      (await findDeploymentsByIds(opened.primary, deploymentIds)).map(({ name }) => name).sort(),
    ).toEqual(['deployment 1', 'deployment 3']);
    expect(reports.map(([found]) => found)).toEqual([
      { place: `deployments ${deploymentIds[1]}` },
      { place: `flows ${flowIds[1]}` },
    ]);
    expect(faults).toHaveLength(2);
  });

  test('are no longer counted once the server has deleted them', async () => {
    const client = serverWith({ runs: [], flows: [] });
    client.unreadable.note(idOf<FlowRunId>(1), 'run_count is missing');
    client.unreadable.noteUnstored(idOf<FlowRunId>(2), 'its copy could not be stored');
    await refreshFlowRuns(services, client, [idOf<FlowRunId>(1), idOf<FlowRunId>(2)]);
    expect(client.unreadable.size).toBe(0);
  });

  test('are not searched for where the database takes no row', async () => {
    const client = serverWith({ runs: [runOf(1), runOf(2)], flows: [flowOf(1)] });
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    const away = { ...services, database: { ...opened, transaction: () => Promise.reject(full) } };
    await expect(walkAll(away, client, signal)).rejects.toThrow('full');
    await expect(refreshFlowRuns(away, client, [idOf<FlowRunId>(1)])).rejects.toThrow('full');
    expect(client.unreadable.size).toBe(0);
    expect(await isEnded()).toBe(false);
  });
});
