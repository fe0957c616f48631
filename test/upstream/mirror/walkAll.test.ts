import type { FlowId, FlowRunId } from '../../../src/domain/identifiers';
import type { Instant } from '../../../src/domain/instant';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowEntity } from '../../../src/persistence/entities/deployment';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { MirrorEntity, MirroredFlowRunEntity } from '../../../src/persistence/entities/mirror';
import { findMirror } from '../../../src/persistence/mirror/mirrorState';
import { updateOperation } from '../../../src/persistence/operations/operations';
import type { Services } from '../../../src/transitions/services';
import type { UpstreamFlowRun, UpstreamFlowRunQuery } from '../../../src/upstream/client/upstreamClient';
import { claimDatabase } from '../../../src/upstream/mirror/claimDatabase';
import { walkAll } from '../../../src/upstream/mirror/walkAll';
import { describeOnDatabases } from '../../harness/databases';
import { testServices } from '../../harness/services';
import { at, idOf, sampleRun } from '../../persistence/sampleRuns';
import { emptyPage, emptyServer } from './emptyServer';
import { planOverAllRuns } from './planOverAllRuns';

const { signal } = new AbortController();
const flowId = idOf<FlowId>(1);
const pageSize = 200;
/** How many pages are stored at once, where they are not large. */
const pagesInBatch = 4;
const timeOf = at;

/** A server with some pages of runs, which fails on one of its calls. */
function serverOf(pages: number, { failing = -1, characters = 0 } = {}) {
  const runs = Array.from({ length: pages * pageSize }, (_, number): UpstreamFlowRun => {
    const flowRun = sampleRun(number, { flowId, expectedStartTime: timeOf(number) });
    return { flowRun, state: null, extras: {} };
  });
  const begins: unknown[] = [];
  const findFlowRuns = async ({ filter, limit }: UpstreamFlowRunQuery) => {
    const { expected_start_time: start, id } = filter as {
      expected_start_time: { after_: Instant };
      id?: { not_any_: FlowRunId[] };
    };
    if (begins.push(start.after_) === failing) throw new Error('the server is away');
    const rows = runs
      .filter(
        ({ flowRun }) =>
          (flowRun.expectedStartTime ?? '') >= start.after_ && !id?.not_any_.includes(flowRun.id),
      )
      .slice(0, limit);
    return { ...emptyPage(), rows, count: rows.length, characters };
  };
  const findFlows = async () => ({
    rows: [{ id: flowId, name: 'flow', created: at(0), updated: at(0) }],
    unreadable: [],
  });
  return { begins, client: emptyServer({ findFlowRuns, findFlows }) };
}

describeOnDatabases(['embedded', 'mysql'], 'a walk through all runs', database => {
  let opened: Database;
  let services: Services;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    services = testServices(opened, []);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    for (const entity of [MirrorEntity, MirroredFlowRunEntity, FlowRunEntity, FlowEntity])
      await opened.writer.getRepository<object>(entity).deleteAll();
    await claimDatabase(services, emptyServer().address);
  });
  const stored = () => opened.primary.getRepository<object>(FlowRunEntity).count();

  test('goes on behind what was stored where it was interrupted, and copies each run', async () => {
    const first = serverOf(7, { failing: 6 });
    await expect(walkAll(services, first.client, signal)).rejects.toThrow('the server is away');
    const end = timeOf(5 * pageSize - 1);
    expect(await stored()).toBe(5 * pageSize);
    expect(await findMirror(opened.primary)).toMatchObject({ walk: 1, walkAfter: end, lastWalk: null });

    const second = serverOf(7);
    await walkAll(services, second.client, signal);
    expect(second.begins[0]).toBe(end);
    expect(await stored()).toBe(7 * pageSize);
    expect(await findMirror(opened.primary)).toMatchObject({
      walk: 1,
      walkAfter: null,
      lastWalk: expect.any(String),
    });
  });

  test.each([
    ['several pages at once', 0, [pagesInBatch * pageSize, 5 * pageSize]],
    ['large pages one by one', 5_000_000, [1, 2, 3, 4, 5].map(page => page * pageSize)],
  ])('stores %s, and how far it is with them', async (_case, characters, sizes) => {
    const seen: number[] = [];
    const watching: Services = {
      ...services,
      database: {
        ...opened,
        async transaction(work, options) {
          const result = await opened.transaction(work, options);
          seen.push(await stored());
          return result;
        },
      },
    };
    await walkAll(watching, serverOf(5, { characters }).client, signal);
    expect(seen.filter((size, index) => size > (seen[index - 1] ?? 0))).toEqual(sizes);
  });

  test('reads no further page while an operation runs, and stores what it has read', async () => {
    const operation = await planOverAllRuns(services);
    const { begins, client } = serverOf(2);
    const asked: number[] = [];
    // What was read is stored beside the waiting.
    const whileHeldUp = async () => {
      asked.push(begins.length);
      if (asked.length === 20 || (await stored()) === pageSize)
        await updateOperation(opened.writer, operation.id, { status: 'CANCELLED' });
    };
    await walkAll(services, client, signal, { whileHeldUp });
    expect(asked.length).toBeLessThan(20);
    expect(new Set(asked)).toEqual(new Set([1]));
    expect(await stored()).toBe(2 * pageSize);
  });

  test('lets a response arrive before it goes on to store, for a limited time', async () => {
    let left = 5;
    const { client } = serverOf(1);
    await walkAll(services, { ...client, isReceiving: () => left > 0 && --left > 0 }, signal);
    expect(left).toBe(0);
    await walkAll(services, { ...client, isReceiving: () => true }, signal);
    expect(await findMirror(opened.primary)).toMatchObject({ walk: 2, lastWalk: expect.any(String) });
  });

  test('shows nothing of a batch whose place in the walk could not be stored', async () => {
    const { client } = serverOf(pagesInBatch + 1);
    const failing: Services = {
      ...services,
      database: {
        ...opened,
        transaction: (work, options) =>
          opened.transaction(async (connection, attempt) => {
            await work(connection, attempt);
            throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
          }, options),
      },
    };
    await expect(walkAll(failing, client, signal)).rejects.toThrow('full');
    expect(await stored()).toBe(0);
    expect(await findMirror(opened.primary)).toMatchObject({ walkAfter: null, lastWalk: null });
  });
});
