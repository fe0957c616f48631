import { createHash } from 'node:crypto';
import { readConfig } from '../../../src/config/config';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { operationSettingsOf } from '../../../src/operations/settings';
import { startWorker } from '../../../src/operations/worker/worker';
import { FlowRunStateEntity } from '../../../src/persistence/entities/state';
import { describeOnDatabases, describeOnEveryDatabase } from '../../harness/databases';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../harness';

/** The response to a call that is rejected as a whole. */
interface Refusal {
  errors: { extensions: { code: string; issues?: { path: unknown[] }[] } }[];
}

const running = { state: { type: { any: ['RUNNING'] } } };
const unknownId = '00000000-0000-7000-8000-000000000000';

describeOnEveryDatabase('rejected commands', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  const make = (mutation: string, input: Record<string, unknown>) =>
    gateway.call(mutation, { input: ['BulkOperationInput!', { reason: 'a test', ...input }] });
  const on = (mutation: string, id: string, more: Record<string, [string, unknown]> = {}) =>
    gateway.call(mutation, { id: ['ID!', id], ...more });
  const reason: Record<string, [string, unknown]> = { reason: ['String!', 'a test'] };
  const countOperations = async (): Promise<number> => {
    const answer = await gateway.ask<{ bulkOperations: { totalCount: number } }>(
      '{ bulkOperations { totalCount } }',
    );
    return answer.bulkOperations.totalCount;
  };

  test.each(['planBulkOperation', 'startBulkOperation'])(
    '%s rejects an empty filter, an unexpected count and too many runs, and writes nothing',
    async mutation => {
      await gateway.createRuns(3, { type: 'RUNNING' });
      const state = { type: 'CANCELLED' };
      const refusals = [
        await make(mutation, { state, flowRuns: {} }),
        await make(mutation, { state, flowRuns: { name: { like: '' }, id: { notAny: [] } } }),
        await make(mutation, { state, flowRuns: running, expectedCount: 4 }),
        await make(mutation, { state, flowRuns: running, maxAffected: 2 }),
      ];
      expect(refusals).toMatchObject([
        { code: 'EMPTY_FILTER', matched: null, message: expect.stringContaining('all: true') },
        { code: 'EMPTY_FILTER' },
        { code: 'UNEXPECTED_COUNT', matched: 3, message: expect.stringContaining('4') },
        { code: 'TOO_MANY_MATCHED', matched: 3, message: expect.stringContaining('2') },
      ]);
      expect(await countOperations()).toBe(0);
      expect(await gateway.stateTypes()).toEqual({ RUNNING: 3 });
    },
  );

  test('accepts an empty filter with `all`', async () => {
    await gateway.createRuns(2, { type: 'RUNNING' });
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: {}, all: true });
    expect(await gateway.ended(id)).toMatchObject({ counts: { matched: 2 } });
  });

  test('rejects every call about an unknown operation', async () => {
    const calls: [string, Record<string, [string, unknown]>][] = [
      ['startPlannedBulkOperation', {}],
      ['pauseBulkOperation', {}],
      ['resumeBulkOperation', {}],
      ['cancelBulkOperation', {}],
      ['setBulkOperationRate', { runsPerSecond: ['Int', 5] }],
      ['retryBulkOperation', reason],
      ['undoBulkOperation', reason],
    ];
    for (const [mutation, more] of calls)
      expect([mutation, await on(mutation, unknownId, more)]).toMatchObject([
        mutation,
        { code: 'NOT_FOUND' },
      ]);
  });

  test('rejects calls that do not fit the status of the operation', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    const paused = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, canary: 1 });
    await gateway.becomes(paused, 'PAUSED');
    expect(await on('startPlannedBulkOperation', paused)).toMatchObject({ code: 'NOT_PLANNED' });
    expect(await on('pauseBulkOperation', paused)).toMatchObject({ code: 'NOT_RUNNING' });
    expect(await on('retryBulkOperation', paused, reason)).toMatchObject({ code: 'NOT_ENDED' });
    expect(await on('undoBulkOperation', paused, reason)).toMatchObject({ code: 'NOT_ENDED' });

    const plan = await gateway.plan({ state: { type: 'CANCELLED' }, flowRuns: running });
    await gateway.becomes(plan, 'PLANNED');
    const startIt = expect.stringContaining('startPlannedBulkOperation');
    expect(await on('pauseBulkOperation', plan)).toMatchObject({ code: 'NOT_RUNNING', message: startIt });
    expect(await on('resumeBulkOperation', plan)).toMatchObject({ code: 'NOT_PAUSED', message: startIt });

    await on('resumeBulkOperation', paused);
    await gateway.ended(paused);
    for (const mutation of ['pauseBulkOperation', 'resumeBulkOperation', 'cancelBulkOperation'])
      expect(await on(mutation, paused)).toMatchObject({ code: 'ALREADY_ENDED' });
    expect(await on('setBulkOperationRate', paused, { runsPerSecond: ['Int', 1] })).toMatchObject({
      code: 'ALREADY_ENDED',
    });
    expect(await on('retryBulkOperation', paused, reason)).toMatchObject({ code: 'NOTHING_TO_DO' });

    await on('cancelBulkOperation', plan);
    expect(await on('undoBulkOperation', plan, reason)).toMatchObject({ code: 'NOTHING_TO_DO' });
    expect(await on('startPlannedBulkOperation', plan)).toMatchObject({ code: 'NOT_PLANNED' });
  });

  test('rejects a key that was used for another input, and returns the operation for the same input', async () => {
    await gateway.createRuns(1, { type: 'RUNNING' });
    const input = { state: { type: 'CANCELLED' }, flowRuns: running, idempotencyKey: 'night' };
    const answers = await Promise.all([make('startBulkOperation', input), make('startBulkOperation', input)]);
    expect(answers[0].id).toBe(answers[1].id);
    expect(await countOperations()).toBe(1);
    expect(await make('startBulkOperation', { ...input, force: true })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    // Another call's keys are its own.
    expect((await make('planBulkOperation', input)).id).not.toBe(answers[0].id);
    await gateway.ended(answers[0].id ?? '');
    const undo = { ...reason, idempotencyKey: ['String', 'night'] } as Record<string, [string, unknown]>;
    const first = await on('undoBulkOperation', answers[0].id ?? '', undo);
    expect(await on('undoBulkOperation', answers[0].id ?? '', undo)).toMatchObject({ id: first.id });
  });

  test('checks the guards on the frozen set as well, and moves nothing', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    await gateway.worker.stop();
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running, maxAffected: 3 });
    await gateway.createRuns(1, { type: 'RUNNING' });
    const worker = startWorker(gateway.services, operationSettingsOf(readConfig({})));
    const operation = await gateway.ended(id);
    await worker.stop();
    expect(operation).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('maxAffected'),
      counts: { matched: 4, pending: 4 },
    });
    expect(await gateway.stateTypes()).toEqual({ RUNNING: 4 });
  });
});

describeOnDatabases(['embedded'], 'malformed calls about bulk operations', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.clear();
  });
  afterAll(() => gateway.close());

  const issuesOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'no error',
      (error: unknown) =>
        (error as Refusal).errors.map(({ extensions: { code, issues } }) => [
          code,
          ...(issues ?? []).map(({ path }) => path.join('.')),
        ]),
    );

  test.each([
    ['reason', { reason: '' }],
    ['runsPerSecond', { runsPerSecond: 0 }],
    ['expectedCount', { expectedCount: 0 }],
    ['maxAffected', { maxAffected: -1 }],
    ['canary', { canary: 0 }],
    ['pauseAboveFailureRatio', { pauseAboveFailureRatio: 1.5 }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('%s names the path of the error', async (field, wrong) => {
    const input = { reason: 'a test', state: { type: 'CANCELLED' }, flowRuns: running, ...wrong };
    expect(
      await issuesOf(gateway.call('startBulkOperation', { input: ['BulkOperationInput!', input] })),
    ).toEqual([['BAD_USER_INPUT', `input.${field}`]]);
  });

  test.each([
    ['setBulkOperationRate', 'runsPerSecond', ['Int', 0]],
    ['setBulkOperationRate', 'runsPerSecond', ['Int', -1]],
    ['startPlannedBulkOperation', 'expectedCount', ['Int', 0]],
    ['retryBulkOperation', 'reason', ['String!', '']],
    ['undoBulkOperation', 'reason', ['String!', '']],
  ] as const)('%s: %s of %j names the path of the error', async (mutation, argument, [type, value]) => {
    const variables = { id: ['ID!', unknownId] as [string, unknown] };
    expect(await issuesOf(gateway.call(mutation, { ...variables, [argument]: [type, value] }))).toEqual([
      ['BAD_USER_INPUT', argument],
    ]);
  });

  test('rejects invalid cursors, and cursors of another operation', async () => {
    await gateway.createRuns(3, { type: 'RUNNING' });
    const first = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
    await gateway.ended(first);
    const [item] = await gateway.items(first);
    const second = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns: running });
    await gateway.ended(second);
    const list = (id: string, after: string) =>
      issuesOf(
        gateway.ask(
          'query ($id: ID!, $after: String) { bulkOperation(id: $id) { items(after: $after) { totalCount nodes { position } } } }',
          { id, after },
        ),
      );
    expect(await list(first, 'made up')).toEqual([['BAD_USER_INPUT', 'after']]);
    expect(await list(first, item?.cursor ?? '')).toEqual([['BAD_USER_INPUT', 'after']]);
    expect(await issuesOf(gateway.ask('{ bulkOperations(after: "made up") { nodes { id } } }'))).toEqual([
      ['BAD_USER_INPUT', 'after'],
    ]);
  });

  test('returns the filter as it was sent, in literals and variables', async () => {
    const query = `mutation ($type: StateType = RUNNING, $tags: [String!]) {
      startBulkOperation(input: {
        reason: "a test", state: { type: CANCELLED }
        flowRuns: { state: { type: { any: [$type] } }, tags: { any: $tags }, startTime: { before: "2026-01-01T00:00:00+02:00" } }
      }) { ... on BulkOperation { flowRuns } }
    }`;
    const answer = await gateway.ask<{ startBulkOperation: { flowRuns: unknown } }>(query, { tags: ['a'] });
    expect(answer.startBulkOperation.flowRuns).toEqual({
      state: { type: { any: ['RUNNING'] } },
      tags: { any: ['a'] },
      startTime: { before: '2026-01-01T00:00:00+02:00' },
    });
  });
});

describeOnDatabases(['embedded'], 'the scopes for bulk operations', database => {
  const keys = {
    reader: 'read',
    writer: 'read+write',
    operator: 'read+operate',
    forcer: 'read+operate+force',
  };
  let gateway: OperationGateway;

  beforeAll(async () => {
    const digest = (name: string) => createHash('sha256').update(`${name}-key`).digest('hex');
    gateway = await startOperationGateway(database.url, {
      API_KEYS: Object.entries(keys)
        .map(([name, scopes]) => `${name}:${scopes}:${digest(name)}`)
        .join(','),
    });
  });
  afterAll(() => gateway.close());

  const start = (name: string, force: boolean) =>
    gateway
      .ask<{ startBulkOperation: { id: string; actor: string } }>(
        `mutation ($force: Boolean!) { startBulkOperation(input: { reason: "a test", force: $force
          state: { type: SCHEDULED }, flowRuns: { state: { type: { any: [FAILED] } } } }) {
          ... on BulkOperation { id actor } } }`,
        { force },
        { authorization: `Bearer ${name}-key` },
      )
      .then(
        ({ startBulkOperation }) => startBulkOperation,
        (error: unknown) => (error as Refusal).errors[0]?.extensions.code,
      );
  const createRuns = async (): Promise<string[]> => {
    const authorization = 'Bearer writer-key';
    const { createFlow } = await gateway.ask<{ createFlow: { id: string } }>(
      'mutation { createFlow(input: { name: "flow" }) { id } }',
      {},
      { authorization },
    );
    const { createFlowRuns } = await gateway.ask<{
      createFlowRuns: { results: { flowRun: { id: string } }[] };
    }>(
      'mutation ($flowId: ID!) { createFlowRuns(input: [{ flowId: $flowId, state: { type: FAILED } }]) { results { flowRun { id } } } }',
      { flowId: createFlow.id },
      { authorization },
    );
    return createFlowRuns.results.map(({ flowRun }) => flowRun.id);
  };
  const retry = (name: string, id: string) =>
    gateway
      .ask<{ retryBulkOperation: { code?: string } }>(
        'mutation ($id: ID!) { retryBulkOperation(id: $id, reason: "a test") { ... on BulkOperationRefused { code } } }',
        { id },
        { authorization: `Bearer ${name}-key` },
      )
      .then(
        ({ retryBulkOperation }) => retryBulkOperation.code,
        (error: unknown) => (error as Refusal).errors[0]?.extensions.code,
      );

  test('requires the scope operate, and force for a forced operation, also to continue it', async () => {
    expect(await start('reader', false)).toBe('FORBIDDEN');
    expect(await start('writer', false)).toBe('FORBIDDEN');
    expect(await start('operator', false)).toMatchObject({ actor: 'operator' });
    expect(await start('operator', true)).toBe('FORBIDDEN');
    const forced = await start('forcer', true);
    expect(forced).toMatchObject({ actor: 'forcer' });
    const id = typeof forced === 'object' ? forced.id : '';
    expect(await retry('operator', id)).toBe('FORBIDDEN');
    expect(['NOT_ENDED', 'NOTHING_TO_DO']).toContain(await retry('forcer', id));
    for (const call of [
      `resumeBulkOperation(id: "${id}")`,
      `setBulkOperationRate(id: "${id}", runsPerSecond: 5)`,
    ]) {
      const codeFor = (name: string) =>
        gateway.ask(`mutation { ${call} { __typename } }`, {}, { authorization: `Bearer ${name}-key` }).then(
          () => null,
          (error: unknown) => (error as Refusal).errors[0]?.extensions.code,
        );
      expect([call, await codeFor('operator'), await codeFor('forcer')]).toEqual([call, 'FORBIDDEN', null]);
    }
  });

  test('gives an idempotency key to the caller who used it', async () => {
    const ask = async (name: string): Promise<string> => {
      const { startBulkOperation } = await gateway.ask<{ startBulkOperation: { id: string } }>(
        `mutation { startBulkOperation(input: { reason: "a test", state: { type: SCHEDULED }, idempotencyKey: "night"
          flowRuns: { state: { type: { any: [CRASHED] } } } }) { ... on BulkOperation { id } } }`,
        {},
        { authorization: `Bearer ${name}-key` },
      );
      return startBulkOperation.id;
    };
    const ids = await Promise.all(['operator', 'forcer', 'operator', 'forcer'].map(ask));
    expect(ids.slice(2)).toEqual(ids.slice(0, 2));
    expect(new Set(ids).size).toBe(2);
  });

  test('requires no scope force for an undo and its retry, because an undo has no policy', async () => {
    const { services } = gateway;
    const [run = ''] = await createRuns();
    const forced = await start('forcer', true);
    const id = typeof forced === 'object' ? forced.id : '';
    const operation = async (of: string) => {
      const { bulkOperation } = await gateway.ask<{ bulkOperation: { status: string; force: boolean } }>(
        'query ($of: ID!) { bulkOperation(id: $of) { status force } }',
        { of },
        { authorization: 'Bearer reader-key' },
      );
      return bulkOperation;
    };
    const hasEnded = (of: string) => until(async () => (await operation(of)).status.startsWith('COMPLETED'));
    await hasEnded(id);
    // What the run had before is gone, so that the undo cannot put it back.
    const states = services.database.writer.getRepository(FlowRunStateEntity);
    await states
      .createQueryBuilder()
      .delete()
      .where({ flowRunId: run as FlowRunId, type: 'FAILED' })
      .execute();
    const { undoBulkOperation: undo } = await gateway.ask<{ undoBulkOperation: { id: string } }>(
      'mutation ($id: ID!) { undoBulkOperation(id: $id, reason: "a test") { ... on BulkOperation { id } } }',
      { id },
      { authorization: 'Bearer operator-key' },
    );
    await hasEnded(undo.id);
    expect(await operation(undo.id)).toEqual({ status: 'COMPLETED_WITH_FAILURES', force: false });
    expect(await retry('operator', undo.id)).toBeUndefined();
  });

  test('requires the scope force to plan and to start a forced operation, and only then', async () => {
    const headers = (name: string) => ({ authorization: `Bearer ${name}-key` });
    type Answered = { id?: string; status?: string; code?: string };
    const call = (name: string, query: string, variables: Record<string, unknown>): Promise<Answered> =>
      gateway.ask<{ result: Answered }>(query, variables, headers(name)).then(
        ({ result }) => result,
        (error: unknown) => ({ code: (error as Refusal).errors[0]?.extensions.code }),
      );
    const plan = (name: string, force: boolean) =>
      call(
        name,
        `mutation ($force: Boolean!) { result: planBulkOperation(input: { reason: "a test", force: $force
          state: { type: SCHEDULED }, flowRuns: { state: { type: { any: [FAILED] } } } }) {
          ... on BulkOperation { id } } }`,
        { force },
      );
    const startPlanned = (name: string, id: unknown) =>
      call(
        name,
        `mutation ($id: ID!) { result: startPlannedBulkOperation(id: $id) {
          ... on BulkOperation { id } ... on BulkOperationRefused { code } } }`,
        { id },
      );
    const planned = async (id: unknown) => {
      const status = async () =>
        (await call('reader', 'query ($id: ID!) { result: bulkOperation(id: $id) { status } }', { id }))
          .status;
      await until(async () => (await status()) === 'PLANNED');
    };
    expect(await plan('operator', true)).toEqual({ code: 'FORBIDDEN' });
    const { id: forced } = await plan('forcer', true);
    const { id: gentle } = await plan('operator', false);
    for (const id of [forced, gentle]) await planned(id);
    expect(await startPlanned('reader', gentle)).toEqual({ code: 'FORBIDDEN' });
    expect(await startPlanned('operator', forced)).toEqual({ code: 'FORBIDDEN' });
    await planned(forced);
    expect(await startPlanned('operator', unknownId)).toEqual({ code: 'NOT_FOUND' });
    expect(await startPlanned('operator', gentle)).toEqual({ id: gentle });
    expect(await startPlanned('forcer', forced)).toEqual({ id: forced });
  });
});
