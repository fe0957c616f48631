import type { ObjectLiteral } from 'typeorm';
import { unavailable } from '../../../../src/domain/errors';
import type { BulkOperationId, FlowRunId } from '../../../../src/domain/identifiers';
import { addSeconds } from '../../../../src/domain/instant';
import { type OperationSettings, operationSettingsOf } from '../../../../src/operations/settings';
import { startWorker, type Worker } from '../../../../src/operations/worker/worker';
import { FlowRunStateEntity } from '../../../../src/persistence/entities/state';
import { localExecutor } from '../../../../src/transitions/localExecutor';
import type { Services } from '../../../../src/transitions/services';
import { CredentialsRefusedError } from '../../../../src/transitions/transitionSender';
import { describeOnEveryDatabase } from '../../../harness/databases';
import { until } from '../../../harness/waiting';
import { type Operation, type OperationGateway, startOperationGateway } from '../../harness';
import {
  aborted,
  accepted,
  busy,
  changed,
  mustWait,
  refused,
  replaced,
  type ScriptedServer,
  scriptedServer,
  serverError,
  unanswered,
} from './scriptedServer';

const settings: OperationSettings = {
  ...operationSettingsOf({
    operationBatchSize: 500,
    operationPlanSeconds: 900,
    operationRetryWaitSeconds: 3600,
  }),
};
const running = { state: { type: { any: ['RUNNING'] } } };
/** How much faster than the day the clocks run where a test waits for delays. */
const haste = 20;
const wakeMilliseconds = 20;

describeOnEveryDatabase('a worker that sends transitions to a server', database => {
  let gateway: OperationGateway;
  let server: ScriptedServer;
  let workers: Worker[];
  let services: Services;
  let waking: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.worker.stop();
  });
  afterAll(() => gateway.close());

  beforeEach(async () => {
    await gateway.clear();
    workers = [];
    server = scriptedServer(gateway.services);
    services = { ...gateway.services, executor: { ...localExecutor, sender: server.sender } };
  });
  afterEach(async () => {
    clearInterval(waking);
    await Promise.all(workers.map(worker => worker.stop()));
  });

  const work = (more: Partial<OperationSettings> = {}, of: Services = services) => {
    workers.push(startWorker(of, { ...settings, ...more }));
  };
  /** Lets the clocks run faster, and wakes workers that rest by timers, which run as before. */
  const hasten = () => {
    const { clock, monotonicClock, workSignals } = services;
    const began = performance.now();
    const ahead = () => (performance.now() - began) * (haste - 1);
    services.clock = () => addSeconds(clock(), ahead() / 1000);
    services.monotonicClock = () => monotonicClock() + ahead();
    waking = setInterval(() => workSignals.notify('any' as BulkOperationId), wakeMilliseconds);
  };
  const cancel = { state: { type: 'CANCELLED' }, flowRuns: running };
  const steer = (mutation: string, id: string) => gateway.call(mutation, { id: ['ID!', id] });

  /** Checks that the counts of an operation are those of its items, and that decided items have the positions 1 to n. */
  async function checkLedger(id: string): Promise<Operation> {
    const operation = await gateway.operation(id);
    const items = await gateway.items(id);
    const have = (...statuses: string[]) => items.filter(({ status }) => statuses.includes(status)).length;
    expect(operation.counts).toEqual({
      matched: items.length,
      pending: have('PENDING', 'SENDING'),
      accepted: have('ACCEPT'),
      rejected: have('REJECT'),
      aborted: have('ABORT'),
      waiting: have('WAIT'),
      skipped: have('SKIPPED'),
    });
    const positions = items.flatMap(({ position }) => position ?? []).sort((one, other) => one - other);
    expect(positions).toEqual(
      Array.from({ length: items.length - operation.counts.pending }, (_, i) => i + 1),
    );
    return operation;
  }

  test('records the verdict of the server about each run, with the state that it wrote', async () => {
    const runs = await gateway.createRuns(5, { type: 'RUNNING' });
    server.script = ({ sending }) => {
      const outcomes = [accepted(services, sending), replaced(services, sending), aborted, changed, mustWait];
      return outcomes[runs.indexOf(sending.flowRunId)] ?? aborted;
    };
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED_WITH_FAILURES' });
    await checkLedger(id);
    expect(await gateway.items(id)).toMatchObject([
      { status: 'ACCEPT', code: null, state: { type: 'CANCELLED', message: 'by the server' } },
      {
        status: 'REJECT',
        code: 'RETRYING',
        state: { name: 'AwaitingRetry' },
        previousState: { type: 'RUNNING' },
      },
      { status: 'ABORT', code: 'UPSTREAM', reason: 'No.', state: null },
      { status: 'SKIPPED', code: 'CHANGED_SINCE_PLAN', state: null },
      { status: 'WAIT', code: 'UPSTREAM', state: null },
    ]);
    const { bulkOperation } = await gateway.ask<{
      bulkOperation: { items: { nodes: { movedAnotherState: boolean }[] } };
    }>('query ($id: ID!) { bulkOperation(id: $id) { items(first: 5) { nodes { movedAnotherState } } } }', {
      id,
    });
    expect(bulkOperation.items.nodes.map(node => node.movedAnotherState)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(new Set(server.calls.map(({ sending }) => sending.transitionId)).size).toBe(5);
  });

  test('looks after a transition without a known result, and never sends it as a new one', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    let isKnown = false;
    server.script = ({ sending }) => (isKnown ? accepted(services, sending) : unanswered);
    hasten();
    work();
    const id = await gateway.start(cancel);

    await until(async () => server.calls.length >= 9);
    await until(async () => (await gateway.items(id)).every(({ status }) => status === 'SENDING'));
    expect((await checkLedger(id)).counts.pending).toBe(3);
    const { bulkOperation } = await gateway.ask<{ bulkOperation: { items: { nodes: unknown[] } } }>(
      'query ($id: ID!) { bulkOperation(id: $id) { items(first: 5, status: [SENDING]) { nodes { status } } } }',
      { id },
    );
    expect(bulkOperation.items.nodes).toHaveLength(3);
    isKnown = true;

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 3 } });
    await checkLedger(id);
    expect([...server.firstSends().values()]).toEqual([1, 1, 1]);
    expect(new Set(server.calls.map(({ sending }) => sending.transitionId)).size).toBe(3);
  });

  test('gives a run up on which the server fails five times alike, and goes on', async () => {
    const [first] = await gateway.createRuns(3, { type: 'RUNNING' });
    server.script = ({ sending }) =>
      sending.flowRunId === first ? serverError : accepted(services, sending);
    hasten();
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.ended(id)).toMatchObject({ counts: { accepted: 2, aborted: 1 } });
    await checkLedger(id);
    expect((await gateway.items(id)).find(item => item.flowRunId === first)).toMatchObject({
      code: 'UPSTREAM_FAILED',
    });
    expect(server.calls.filter(({ sending }) => sending.flowRunId === first)).toHaveLength(5);
  });

  test('pauses where the server fails on twenty runs in a row, and goes on after the resume', async () => {
    await gateway.createRuns(70, { type: 'RUNNING' });
    let isBroken = true;
    server.script = ({ sending, maySend }) => {
      if (!isBroken) return accepted(services, sending);
      return maySend ? serverError : { ...busy, afterSeconds: 0 };
    };
    hasten();
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.becomes(id, 'PAUSED')).toMatchObject({ pausedFor: 'UPSTREAM_UNREACHABLE' });
    await until(async () => (await gateway.items(id)).every(({ status }) => status !== 'SENDING'));
    const { counts } = await checkLedger(id);
    expect(counts.aborted).toBeGreaterThanOrEqual(20);
    expect(counts.aborted + counts.pending).toBe(70);
    isBroken = false;
    await steer('resumeBulkOperation', id);

    expect(await gateway.ended(id)).toMatchObject({
      counts: { aborted: counts.aborted, accepted: counts.pending },
    });
    await checkLedger(id);
  });

  test('pauses where the server refuses the credentials, loses nothing, and goes on after the resume', async () => {
    await gateway.createRuns(40, { type: 'RUNNING' });
    let isRefusing = true;
    server.script = ({ sending }) => (isRefusing ? refused : accepted(services, sending));
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.becomes(id, 'PAUSED')).toMatchObject({
      pausedFor: 'UPSTREAM_REFUSED',
      counts: { pending: 40 },
    });
    expect((await gateway.items(id)).every(({ status }) => status === 'PENDING')).toBe(true);
    expect(server.calls.length).toBeLessThanOrEqual(server.sender.inFlight);
    isRefusing = false;
    await steer('resumeBulkOperation', id);

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 40 } });
    await checkLedger(id);
  });

  test('pauses also where the credentials are refused before anything is sent, and goes on after the resume', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    let isRefusing = true;
    server.onRefresh = async () => {
      if (isRefusing) throw new CredentialsRefusedError('HTTP 401', null);
    };
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.becomes(id, 'PAUSED')).toMatchObject({
      pausedFor: 'UPSTREAM_REFUSED',
      counts: { pending: 3 },
    });
    expect(server.calls).toEqual([]);
    isRefusing = false;
    await steer('resumeBulkOperation', id);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 3 } });
    await checkLedger(id);
  });

  test('records the verdict about a run whose new state cannot be stored here, and stores those of the others', async () => {
    const [bad, good = ''] = await gateway.createRuns(9, { type: 'RUNNING' });
    const reported: unknown[] = [];
    services.reportError = (_message, error) => void reported.push(error);
    server.script = ({ sending }) => {
      const outcome = accepted(services, sending);
      if (sending.flowRunId !== bad || outcome.kind !== 'decided' || outcome.written === null) return outcome;
      // No database takes it.
      return { ...outcome, written: { ...outcome.written, data: 1n as never } };
    };
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 9 } });
    await checkLedger(id);
    const items = new Map((await gateway.items(id)).map(item => [item.flowRunId, item]));
    expect(items.get(good)).toMatchObject({ status: 'ACCEPT', state: { type: 'CANCELLED' } });
    expect(items.get(bad ?? '')).toMatchObject({ status: 'ACCEPT', state: null });
    expect([...server.firstSends().values()].every(times => times === 1)).toBe(true);
    expect(reported.length).toBeGreaterThan(0);
  });

  test('gives up a run that cannot be read again or decided, alone, and moves the others', async () => {
    const runs = await gateway.createRuns(12, { type: 'RUNNING' });
    const [torn = '', failing, unstored] = runs;
    await gateway.services.database.writer
      .getRepository<ObjectLiteral>(FlowRunStateEntity)
      .update({ flowRunId: torn as FlowRunId }, { stateDetails: () => "'torn'" });
    const reported: unknown[] = [];
    services.reportError = (_message, error) => void reported.push(error);
    server.onRefresh = async () =>
      new Map([
        [failing as FlowRunId, { isServerFault: true, reason: 'HTTP 500' }],
        [unstored as FlowRunId, { isServerFault: false, reason: 'It is too large.' }],
      ]);
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.ended(id)).toMatchObject({
      status: 'COMPLETED_WITH_FAILURES',
      counts: { accepted: 9, aborted: 3 },
    });
    await checkLedger(id);
    const codes = new Map((await gateway.items(id)).map(({ flowRunId, code }) => [flowRunId, code]));
    expect(runs.slice(0, 4).map(run => codes.get(run))).toEqual([
      'INTERNAL_ERROR',
      'UPSTREAM_FAILED',
      'INTERNAL_ERROR',
      null,
    ]);
    expect(server.firstSends().size).toBe(9);
    expect(reported.length).toBeGreaterThan(0);
  });

  test('begins no call that would outlast its claim, and no other worker repeats one while it may be under way', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    server.sender.maxCallSeconds = 2;
    let revive = (): void => undefined;
    const revived = new Promise<void>(resolve => {
      revive = resolve;
    });
    let isDead = false;
    const { transaction } = services.database;
    const dying: Services = {
      ...services,
      database: {
        ...services.database,
        transaction: (...given: Parameters<typeof transaction>) =>
          isDead ? Promise.reject(new Error('it is dead')) : transaction(...given),
      } as Services['database'],
    };
    const began: { isFirst: boolean; at: number }[] = [];
    server.script = async ({ sending, isFirst }) => {
      began.push({ isFirst, at: performance.now() });
      if (isFirst) await revived;
      return accepted(services, sending);
    };
    work({ claimSeconds: 1 }, dying);
    const id = await gateway.start(cancel);
    await until(async () => began.length === server.sender.inFlight);
    isDead = true;
    work({ claimSeconds: 1 });
    await until(async () => began.some(({ isFirst }) => !isFirst));
    revive();

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 6 } });
    const first = began.filter(({ isFirst }) => isFirst).map(({ at }) => at);
    const again = began.filter(({ isFirst }) => !isFirst).map(({ at }) => at);
    expect(first).toHaveLength(server.sender.inFlight);
    expect(Math.min(...again) - Math.max(...first)).toBeGreaterThanOrEqual(2000);
    await checkLedger(id);
  });

  test('takes over what a worker that died has sent, and a worker that comes back changes nothing', async () => {
    await gateway.createRuns(6, { type: 'RUNNING' });
    let isDead = false;
    let revive = (): void => undefined;
    const revived = new Promise<void>(resolve => {
      revive = resolve;
    });
    const { transaction } = services.database;
    const dying: Services = {
      ...services,
      database: {
        ...services.database,
        transaction: (...given: Parameters<typeof transaction>) =>
          isDead ? Promise.reject(new Error('it is dead')) : transaction(...given),
      } as Services['database'],
    };
    server.script = async ({ sending, isFirst, callsBefore }) => {
      if (isFirst) await revived;
      return !isFirst && callsBefore < 2 ? unanswered : accepted(services, sending);
    };
    work({ claimSeconds: 1 }, dying);
    const id = await gateway.start(cancel);
    await until(async () => server.calls.length === server.sender.inFlight);
    isDead = true;
    work({ claimSeconds: 1 });

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 6 } });
    const before = await gateway.items(id);
    isDead = false;
    revive();
    await Promise.all(workers.map(worker => worker.stop()));
    expect(await gateway.items(id)).toEqual(before);
    await checkLedger(id);
    // What the dead worker had not begun is looked after like the rest, because no process knows that.
    expect([...server.firstSends().values()].every(times => times === 1)).toBe(true);
    expect(new Set(server.calls.map(({ sending }) => sending.transitionId)).size).toBe(6);
  });

  test.each([
    ['pauseBulkOperation', 'PAUSED'],
    ['cancelBulkOperation', 'CANCELLED'],
  ])('after %s it records what was sent, and leaves the rest pending', async (command, status) => {
    await gateway.createRuns(100, { type: 'RUNNING' });
    let open = (): void => undefined;
    const opened = new Promise<void>(resolve => {
      open = resolve;
    });
    server.script = async ({ sending }) => {
      if (server.calls.length > 10) await opened;
      return accepted(services, sending);
    };
    work();
    const id = await gateway.start(cancel);
    await until(async () => server.calls.length > 10);
    await steer(command, id);
    open();
    await until(async () => (await gateway.items(id)).every(item => item.status !== 'SENDING'));

    expect(await checkLedger(id)).toMatchObject({
      status,
      counts: { accepted: server.calls.length, pending: 100 - server.calls.length },
    });
    expect(server.calls.length).toBeLessThan(100);
    if (status !== 'PAUSED') return;
    await steer('resumeBulkOperation', id);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 100 } });
    await checkLedger(id);
    expect([...server.firstSends().values()].every(times => times === 1)).toBe(true);
  });

  test('waits while rows cannot be brought up to date, and goes on', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    let failures = 2;
    const reported: string[] = [];
    services.reportUnavailable = what => void reported.push(what);
    server.onRefresh = async () => {
      if (failures-- > 0) throw unavailable('The server is away.');
    };
    hasten();
    work();
    const id = await gateway.start(cancel);

    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 3 } });
    await checkLedger(id);
    expect(reported).toHaveLength(2);
  });

  test('a plan waits while rows cannot be brought up to date, for longer than failures are borne', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    let failures = 7;
    services.executor = {
      ...services.executor,
      refresh: async () => {
        if (failures-- > 0) throw unavailable('The server is away.');
        return null;
      },
    };
    hasten();
    work();
    const id = await gateway.plan(cancel);
    expect(await gateway.becomes(id, 'PLANNED')).toMatchObject({
      outcomes: [{ status: 'ACCEPT', count: 3 }],
    });
  });

  test('a canary is exact, also where the server takes none of its runs at first', async () => {
    await gateway.createRuns(20, { type: 'RUNNING' });
    server.script = ({ sending, callsBefore }) => (callsBefore === 0 ? busy : accepted(services, sending));
    hasten();
    work();
    const id = await gateway.start({ ...cancel, canary: 5 });

    expect(await gateway.becomes(id, 'PAUSED')).toMatchObject({
      pausedFor: 'CANARY',
      counts: { accepted: 5, pending: 15 },
    });
    await steer('resumeBulkOperation', id);
    expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 20 } });
    await checkLedger(id);
  });

  test('two workers keep the rate together', async () => {
    await gateway.createRuns(60, { type: 'RUNNING' });
    work();
    work();
    const start = performance.now();
    const id = await gateway.start({ ...cancel, runsPerSecond: 40 });

    await until(async () => server.calls.length >= 20);
    expect(server.calls.length).toBeLessThanOrEqual((40 * (performance.now() - start)) / 1000 + 10);
    await gateway.ended(id);
    await checkLedger(id);
    expect([...server.firstSends().values()].every(times => times === 1)).toBe(true);
  });
});
