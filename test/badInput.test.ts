import { describeOnEveryDatabase } from './harness/databases';
import { seededGateway } from './harness/seededGateway';

type Path = (string | number)[];
interface Refused {
  status: number;
  errors: { message: string; extensions: { code: string; issues?: { path: Path; message: string }[] } }[];
}

const createFlowRuns =
  'mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { created } } }';
const list = 'query ($filter: FlowRunFilter) { flowRuns(filter: $filter) { totalCount } }';
const createDeployment =
  'mutation ($input: CreateDeploymentInput!) { createDeployment(input: $input) { id } }';
const startOperation =
  'mutation ($input: BulkOperationInput!) { startBulkOperation(input: $input) { __typename } }';

const long = (length: number) => 'x'.repeat(length + 1);
const half = 'half \ud83d';
const nul = 'a\0b';
const deep = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`) as unknown;
/** Nothing that reads a value by recursion gets as deep as the database would have to. */
const deepest = '@deepest';
const withDeepest = (body: string) =>
  body.replace(`"${deepest}"`, `${'['.repeat(50_000)}${']'.repeat(50_000)}`);

describeOnEveryDatabase('bad input', database => {
  const gateway = seededGateway(database);
  afterEach(async () => {
    expect(await gateway.ask('{ flowRuns { totalCount } }')).toEqual({ flowRuns: { totalCount: 0 } });
  });

  async function send(path: string, body: string): Promise<Refused> {
    const response = await fetch(new URL(path, gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { status: response.status, ...((await response.json()) as Omit<Refused, 'status'>) };
  }
  const ask = (query: string, variables: object = {}) =>
    send('/graphql', withDeepest(JSON.stringify({ query, variables })));
  const placesOf = ({ errors }: Refused) =>
    errors.flatMap(({ extensions }) => [
      extensions.code,
      ...(extensions.issues ?? []).map(({ path }) => path.join('.')),
    ]);

  test.each<[string, object, string]>([
    ['a name', { name: long(255) }, 'input.0.name'],
    ['an empty name', { name: '' }, 'input.0.name'],
    ['a tag', { tags: ['short', long(255)] }, 'input.0.tags.1'],
    ['a work queue', { workQueueName: long(255) }, 'input.0.workQueueName'],
    ['a flow version', { flowVersion: long(255) }, 'input.0.flowVersion'],
    ['an idempotency key', { idempotencyKey: long(512) }, 'input.0.idempotencyKey'],
    ['a process', { infrastructurePid: long(1024) }, 'input.0.infrastructurePid'],
    ["a creator's type", { createdBy: { type: long(255) } }, 'input.0.createdBy.type'],
    ["a creator's name", { createdBy: { displayValue: long(1024) } }, 'input.0.createdBy.displayValue'],
    ["a state's name", { state: { type: 'RUNNING', name: long(255) } }, 'input.0.state.name'],
    ['half a character', { name: half }, 'input.0.name'],
    ['half a character among tags', { tags: ['whole', half] }, 'input.0.tags.1'],
    ['half a character in JSON', { parameters: { a: [half] } }, 'input.0.parameters.a.0'],
    ['half a character in a name in JSON', { parameters: { [half]: 1 } }, 'input.0.parameters'],
    ['a NUL', { state: { type: 'RUNNING', message: nul } }, 'input.0.state.message'],
    ['JSON that is too deep', { parameters: { deep } }, 'input.0.parameters.deep'],
    ['JSON that is far too deep', { parameters: { a: deepest } }, 'input.0.parameters.a'],
    ['a number that is too large', { retries: 2 ** 31 }, 'input.0.retries'],
    ['a number below none', { retryDelay: -1 }, 'input.0.retryDelay'],
  ])('rejects %s of a run and names its path', async (_what, run, place) => {
    const refused = await ask(createFlowRuns, { input: [{ flowId: gateway.flowId, ...run }] });
    const [code, path] = placesOf(refused);
    expect([code, path?.slice(0, place.length)]).toEqual(['BAD_USER_INPUT', place]);
    expect(refused.status).toBeLessThan(500);
  });

  test('rejects an unknown id with its path and a message, and nothing else', async () => {
    const { errors } = await ask(createFlowRuns, {
      input: [{ flowId: '019a0000-0000-7000-8000-000000000000' }],
    });
    expect(errors[0]?.extensions.issues).toEqual([
      { path: ['input', 0, 'flowId'], message: 'there is no flow with this id' },
    ]);
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '0000-12-31T23:59:59Z',
    '+010000-01-01T00:00:00Z',
    '2026-01-01',
    'noon',
  ])('rejects the instant %s and names its path', async scheduledTime => {
    const state = { type: 'SCHEDULED', stateDetails: { scheduledTime } };
    const refused = await ask(createFlowRuns, { input: [{ flowId: gateway.flowId, state }] });
    expect(placesOf(refused)).toEqual(['BAD_USER_INPUT', 'input.0.state.stateDetails.scheduledTime']);
  });

  test.each<[string, string, object, string]>([
    [
      'too large a limit',
      createDeployment,
      { name: 'd', concurrencyLimit: 2 ** 31 },
      'input.concurrencyLimit',
    ],
    ['a limit below none', createDeployment, { name: 'd', concurrencyLimit: -1 }, 'input.concurrencyLimit'],
    [
      'a strategy there is not',
      createDeployment,
      { name: 'd', collisionStrategy: 'X' },
      'input.collisionStrategy',
    ],
    [
      'a grace period too short',
      createDeployment,
      { name: 'd', gracePeriodSeconds: 59 },
      'input.gracePeriodSeconds',
    ],
  ])('rejects %s of a deployment and names its path', async (_what, query, input, place) => {
    expect(placesOf(await ask(query, { input: { flowId: gateway.flowId, ...input } }))).toEqual([
      'BAD_USER_INPUT',
      place,
    ]);
  });

  test.each<[string, object, string]>([
    ['a reason without end', { reason: long(10_000) }, 'input.reason'],
    ['half a character', { reason: half }, 'input.reason'],
    ['a key without end', { reason: 'test', idempotencyKey: long(255) }, 'input.idempotencyKey'],
  ])('rejects %s of an operation and names its path', async (_what, input, place) => {
    const whole = { state: { type: 'CANCELLED' }, flowRuns: {}, all: true, ...input };
    expect(placesOf(await ask(startOperation, { input: whole }))).toEqual(['BAD_USER_INPUT', place]);
  });

  test.each<[string, object, string]>([
    ['half a character', { name: { any: [half] } }, 'filter.name.any.0'],
    ['a NUL', { tags: { all: [nul] } }, 'filter.tags.all.0'],
    ['a field there is not', { colour: 'red' }, 'filter'],
    ['a type there is not', { state: { type: { any: ['LOST'] } } }, 'filter.state.type.any.0'],
    ['an operator there is not', { operator: 'XOR' }, 'filter.operator'],
    ['an id that is none', { id: { any: ['7'] } }, 'filter.id.any.0'],
    ['a text for a list of numbers', { tags: { isNull: 'yes' } }, 'filter.tags.isNull'],
  ])('rejects %s in a filter and names its path', async (_what, filter, place) => {
    const [code, path] = placesOf(await ask(list, { filter }));
    expect([code, path ?? 'filter']).toEqual(['BAD_USER_INPUT', place]);
  });

  test('stores the first and the last possible instant', async () => {
    const startTime = { after: '0001-01-01T00:00:00Z', before: '9999-12-31T23:59:59.999999Z' };
    expect(await gateway.ask(list, { filter: { startTime } })).toEqual({ flowRuns: { totalCount: 0 } });
  });

  test.each<[string, string, number]>([
    ['no JSON', '{"query":', 400],
    ['JSON that asks for nothing', '{}', 400],
    ['a list', '[{"query":"{ __typename }"}]', 400],
    ['a query that cannot be read', '{"query":"{ flowRuns { "}', 400],
    ['a field there is not', '{"query":"{ nothing }"}', 400],
    [
      'half a character in the query',
      '{"query":"{ flowRuns(filter: { name: { like: \\"\\ud83d\\" } }) { totalCount } }"}',
      400,
    ],
    [
      'a NUL in the query',
      '{"query":"{ flowRuns(filter: { name: { like: \\"\\\\u0000\\" } }) { totalCount } }"}',
      400,
    ],
    [
      'values too deep in the query',
      JSON.stringify({ query: `{ flowRuns(filter: ${'['.repeat(9000)} }` }),
      400,
    ],
    ['fields 40 deep', JSON.stringify({ query: `{ ${'a { '.repeat(40)} b ${'}'.repeat(40)} }` }), 400],
    [
      'ten million bytes',
      JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(1e7) } }),
      413,
    ],
  ])('rejects %s as a body', async (_what, body, status) => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body,
    });
    const { errors } = (await response.json()) as Refused;
    expect(response.status).toBe(status);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
  });

  test.each<[string, object, Path]>([
    ['half a character', { name: half }, ['name']],
    ['a NUL', { tags: [nul] }, ['tags', 0]],
    ['too long a text', { name: long(255) }, ['name']],
    ['JSON that is far too deep', { parameters: { a: deepest } }, ['parameters', 'a', 0, 0, 0]],
  ])('rejects %s over REST and names its path', async (_what, run, loc) => {
    const body = withDeepest(JSON.stringify({ flow_id: gateway.flowId, ...run }));
    const answer = await send('/api/flow_runs/', body);
    expect(answer).toMatchObject({ status: 422, detail: [{ loc: ['body', ...loc] }] });
  });
});
