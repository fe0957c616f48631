import type { FlowRun } from '../../../src/domain/flowRun';
import type { DeploymentId, FlowId, LeaseId, StateId } from '../../../src/domain/identifiers';
import { addSeconds } from '../../../src/domain/instant';
import type { State, StateType } from '../../../src/domain/state';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { LeaseEntity } from '../../../src/persistence/entities/deployment';
import { FlowRunEntity, FlowRunTagEntity } from '../../../src/persistence/entities/flowRun';
import { MirroredFlowRunEntity } from '../../../src/persistence/entities/mirror';
import { FlowRunStateEntity } from '../../../src/persistence/entities/state';
import { findExtras } from '../../../src/persistence/flowRuns/extras';
import { findFlowRunsByIds } from '../../../src/persistence/flowRuns/rowsById';
import { deleteMirroredFlowRuns } from '../../../src/persistence/mirror/deleteMirroredFlowRuns';
import { findNotMetSince } from '../../../src/persistence/mirror/findMirroredFlowRuns';
import { type FlowRunCopy, storeFlowRuns } from '../../../src/persistence/mirror/storeFlowRuns';
import { storeStates } from '../../../src/persistence/mirror/storeStates';
import { describeOnDatabases } from '../../harness/databases';
import { at, idOf, sampleRun } from '../sampleRuns';

const stateOf = (number: number, type: StateType, given: Partial<State> = {}): State => ({
  id: idOf<StateId>(number),
  type,
  name: type,
  timestamp: at(number),
  message: null,
  data: null,
  stateDetails: {},
  actor: null,
  bulkOperationId: null,
  ...given,
});

const copyOf = (number: number, state: State | null = null, given: Partial<FlowRun> = {}): FlowRunCopy => ({
  flowRun: sampleRun(number, {
    ...(state && {
      stateId: state.id,
      stateType: state.type,
      stateName: state.name,
      stateTimestamp: state.timestamp,
    }),
    ...given,
  }),
  state,
  extras: {},
});

describeOnDatabases(['embedded', 'mysql'], 'copies of runs', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  afterAll(() => opened.close());
  afterEach(async () => {
    for (const entity of [
      FlowRunEntity,
      FlowRunTagEntity,
      FlowRunStateEntity,
      MirroredFlowRunEntity,
      LeaseEntity,
    ])
      await opened.writer.getRepository<object>(entity).deleteAll();
  });

  const store = (copies: readonly FlowRunCopy[], readAt = at(100), walk: number | null = null) =>
    opened.transaction(connection =>
      storeFlowRuns(opened, connection, copies, { readAt, now: readAt, walk }),
    );
  const stored = async ({ flowRun }: FlowRunCopy) =>
    (await findFlowRunsByIds(opened.writer, [flowRun.id]))[0] ?? null;
  const remove = ({ flowRun }: FlowRunCopy, readAt = at(200)) =>
    opened.transaction(connection =>
      deleteMirroredFlowRuns(opened, connection, [flowRun.id], { readAt, now: readAt }),
    );
  const leases = async () => (await opened.writer.getRepository(LeaseEntity).find()).map(({ id }) => id);

  test('are stored with their state, tags and extras, whatever a server has in them', async () => {
    const state = stateOf(50, 'FAILED', { message: 'Straße', data: { a: [1] } });
    const full = copyOf(1, state, {
      name: '\u00c4 name',
      tags: ['b', 'a', 'a'],
      parameters: { deep: { x: 1.5, text: '\u{1f600}' } },
      createdBy: { id: idOf(9), type: 'DEPLOYMENT', displayValue: 'd' },
      runCount: 3,
      totalRunTime: 34.110792,
      startTime: at(1),
      endTime: at(2),
      expectedStartTime: at(3),
      policy: { retries: 2, retryDelay: 3, pauseKeys: ['k'], resuming: true, retryType: 'in_process' },
    });
    const copy = { ...full, extras: { labels: { team: 'x' } } };
    expect(await store([copy])).toEqual([{ flowRunId: copy.flowRun.id, state, previousState: null }]);
    expect(await stored(copy)).toEqual(copy.flowRun);
    expect(await findExtras(opened.writer, [{ kind: 'flowRun', id: copy.flowRun.id }])).toEqual([
      { labels: { team: 'x' } },
    ]);
    const tags = await opened.writer.getRepository(FlowRunTagEntity).find({ order: { tag: 'ASC' } });
    expect(tags.map(({ tag }) => tag)).toEqual(['a', 'b']);
  });

  test('are written only where they differ', async () => {
    const same = copyOf(1, stateOf(50, 'RUNNING'));
    const renamed = copyOf(2, stateOf(51, 'RUNNING'), { tags: ['old'] });
    await store([same, renamed]);
    const changed: FlowRunCopy = {
      ...renamed,
      flowRun: { ...renamed.flowRun, name: 'other', tags: ['new'] },
      extras: { context: { a: 1 } },
    };
    const written: string[] = [];
    await opened.transaction(async connection => {
      const recorder = {
        getRepository: connection.getRepository.bind(connection),
        query<Rows>(sql: string, parameters?: unknown[]) {
          written.push(sql.slice(0, 40));
          return connection.query<Rows>(sql, parameters);
        },
      };
      expect(
        await storeFlowRuns(opened, recorder, [same], { readAt: at(101), now: at(101), walk: null }),
      ).toEqual([]);
    });
    expect(written.filter(sql => /INSERT|UPDATE flow_run|WITH/.test(sql))).toEqual([]);
    expect(await store([changed], at(102))).toEqual([]);
    expect(await stored(changed)).toEqual(changed.flowRun);
    expect(await findExtras(opened.writer, [{ kind: 'flowRun', id: changed.flowRun.id }])).toEqual([
      changed.extras,
    ]);
    const tags = await opened.writer.getRepository(FlowRunTagEntity).find();
    expect(tags.map(({ tag }) => tag)).toEqual(['new']);
  });

  test('replace only what was read before them, and do not bring back what is gone', async () => {
    const old = copyOf(1, stateOf(50, 'RUNNING'));
    const recent = copyOf(1, stateOf(51, 'COMPLETED'));
    await store([recent], at(101));
    expect(await store([old], at(100))).toEqual([]);
    expect(await stored(old)).toEqual(recent.flowRun);

    expect(await remove(recent, at(100))).toEqual([]);
    expect(await remove(recent, at(200))).toEqual([recent.flowRun.id]);
    await store([recent], at(199));
    expect(await stored(recent)).toBeNull();
    await store([recent], at(201));
    expect(await stored(recent)).toEqual(recent.flowRun);
  });

  test('do not replace what the server read for a call before theirs, but after a change', async () => {
    const after = copyOf(1, stateOf(52, 'FAILED'), { updated: at(52) });
    const before = copyOf(1, stateOf(51, 'RUNNING'), { updated: at(51) });
    await store([after], at(100));
    expect(await store([before], at(101), 7)).toEqual([]);
    expect(await stored(after)).toMatchObject({ stateId: idOf(52), updated: at(52) });
    // The walk has met it all the same.
    expect(await opened.writer.getRepository(MirroredFlowRunEntity).find()).toMatchObject([{ walk: 7 }]);
    // The clock of the server was set back, and no call was under way any more.
    await store([before], addSeconds(at(101), 60));
    expect(await stored(before)).toMatchObject({ stateId: idOf(51), updated: at(51) });
  });

  test('replace what was read before the clock was set back, and delete it', async () => {
    const beforehand = addSeconds(at(100), 600);
    const old = copyOf(1, stateOf(50, 'RUNNING'));
    const recent = copyOf(1, stateOf(51, 'COMPLETED'));
    await store([old], beforehand);
    await store([recent], at(100));
    expect(await stored(old)).toEqual(recent.flowRun);
    await store([recent], beforehand);
    expect(await remove(recent, at(101))).toEqual([recent.flowRun.id]);
  });

  test('report the states that runs came into, each with the author that is known here', async () => {
    const first = stateOf(50, 'FAILED');
    const second = stateOf(51, 'SCHEDULED');
    const { flowRun } = copyOf(1, first);
    await store([copyOf(1, first)]);
    const byOperation = { ...second, actor: 'ann', bulkOperationId: idOf<never>(7) };
    await opened.transaction(connection =>
      storeStates(opened, connection, [{ flowRunId: flowRun.id, state: byOperation }]),
    );
    expect(await store([copyOf(1, second)], at(101))).toEqual([
      { flowRunId: flowRun.id, state: byOperation, previousState: first },
    ]);
    expect(await store([copyOf(1, second)], at(102))).toEqual([]);
  });

  test('learn the author of a state that the stream brought first', async () => {
    const state = stateOf(50, 'FAILED');
    const copy = copyOf(1, state);
    await store([copy]);
    const author = { actor: 'ann', bulkOperationId: idOf<never>(7) };
    const write = (by: typeof author) =>
      opened.transaction(connection =>
        storeStates(opened, connection, [{ flowRunId: copy.flowRun.id, state: { ...state, ...by } }]),
      );
    await write(author);
    await write({ actor: 'bob', bulkOperationId: idOf<never>(8) });
    const [found] = await opened.writer.getRepository(FlowRunStateEntity).find();
    expect(found).toMatchObject(author);
  });

  test('leave no state behind for a run that was deleted meanwhile', async () => {
    const [kept, gone] = [copyOf(1, stateOf(50, 'FAILED')), copyOf(2, stateOf(51, 'FAILED'))];
    await store([kept, gone]);
    await remove(gone);
    const states = [
      { flowRunId: kept.flowRun.id, state: stateOf(60, 'SCHEDULED') },
      { flowRunId: gone.flowRun.id, state: stateOf(61, 'SCHEDULED') },
    ];
    await opened.transaction(connection => storeStates(opened, connection, states));
    const found = await opened.writer.getRepository(FlowRunStateEntity).find({ order: { id: 'ASC' } });
    expect(found.map(({ id }) => id)).toEqual([idOf(50), idOf(60)]);
  });

  test('hold the leases that their states name until they leave these states', async () => {
    const lease = idOf<LeaseId>(90);
    const details = { stateDetails: { deploymentConcurrencyLeaseId: lease } };
    const inDeployment = { deploymentId: idOf<DeploymentId>(70) };
    await store([copyOf(1, stateOf(50, 'PENDING', details), inDeployment)], at(100));
    await store([copyOf(1, stateOf(51, 'RUNNING', details), inDeployment)], at(101));
    expect(await leases()).toEqual([lease]);
    await store([copyOf(1, stateOf(52, 'COMPLETED', details), inDeployment)], at(102));
    expect(await leases()).toEqual([]);
    await store([copyOf(2, stateOf(53, 'RUNNING', details), inDeployment)], at(103));
    await remove(copyOf(2));
    expect(await leases()).toEqual([]);
  });

  test('take over the key of a run that the server has replaced', async () => {
    const keyed = { flowId: idOf<FlowId>(60), idempotencyKey: 'scheduled' };
    const former = copyOf(1, stateOf(50, 'SCHEDULED'), keyed);
    const next = copyOf(2, stateOf(51, 'SCHEDULED'), keyed);
    await store([former], at(100));
    await store([next], at(101));
    expect([await stored(former), await stored(next)]).toEqual([null, next.flowRun]);
  });

  test('fit, however long the texts of the server are', async () => {
    const long = '\u00e4'.repeat(3000);
    const state = stateOf(50, 'FAILED', { name: long });
    const copy = copyOf(1, state, { name: long, tags: [long], idempotencyKey: long });
    await store([copy]);
    expect(await stored(copy)).toMatchObject({
      name: long.slice(0, 255),
      stateName: long.slice(0, 255),
      tags: [long],
      idempotencyKey: null,
    });
    const written = await opened.writer.getRepository(MirroredFlowRunEntity).find();
    expect(written).toHaveLength(1);
    expect(await store([copy], at(101))).toEqual([]);
  });

  test('that a walk did not meet are found, unless they were read since it began', async () => {
    await store(
      [1, 2, 3, 4].map(number => copyOf(number)),
      at(100),
      1,
    );
    await store([copyOf(1)], at(151), 2);
    await store([copyOf(2)], at(152));
    await remove(copyOf(3), at(149));
    const found = await findNotMetSince(
      opened.writer,
      { walk: 2, started: at(150) },
      { limit: 10, after: null },
    );
    expect(found).toEqual([copyOf(4).flowRun.id]);
    expect(
      await findNotMetSince(
        opened.writer,
        { walk: 2, started: at(150) },
        { limit: 10, after: found[0] ?? null },
      ),
    ).toEqual([]);
  });
});
