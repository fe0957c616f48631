import { getIntrospectionQuery } from 'graphql';
import { useErrorCodes, useGraphql, useLimits, useVariableCheck } from '../../../src/http/plugins';
import { type Answer, toyServer } from './toyServer';

const limits = {
  maxDepth: 4,
  maxAliases: 2,
  maxTokens: 4000,
  maxQueryLength: 40_000,
  maxCost: 500,
  maxListLength: 3,
  introspection: true,
};
const item = (): unknown => ({ id: 1, item, items: () => [] });
const { ask, yoga } = toyServer(
  [useErrorCodes(), useVariableCheck(limits), useGraphql(limits), useLimits(limits)],
  {
    Query: { item, items: () => [], count: () => 1, hello: () => 'world' },
  },
);

const refused = (answer: Answer, message: string): void => {
  expect(answer.data).toBeUndefined();
  expect(answer.errors).toEqual([
    expect.objectContaining({ message, extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
  ]);
};

describe('the limits', () => {
  it("accept GraphiQL's introspection query", async () => {
    const plugins = [useErrorCodes(), useGraphql(limits), useLimits({ ...limits, maxCost: 200_000 })];
    const { errors, data } = await toyServer(plugins).ask(
      getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }),
    );
    expect(errors).toEqual([]);
    expect(data).toHaveProperty('__schema');
  });

  it('accept fields of the maximum depth, and none deeper', async () => {
    expect((await ask('{ item { item { item { id } } } }')).errors).toEqual([]);
    const deeper = '{ item { item { item { item { id } } } } }';
    refused(await ask(deeper), 'query: fields must be nested at most 4 deep (got 5).');
  });

  it('count the fields in a fragment as depth, and not the fragment', async () => {
    const fragment = 'fragment F on Item { item { id } }';
    expect((await ask(`{ item { item { ...F } } } ${fragment}`)).errors).toEqual([]);
    const deeper = `{ item { item { item { ...F } } } } ${fragment}`;
    refused(await ask(deeper), 'query: fields must be nested at most 4 deep (got 5).');
  });

  it('limit the number of aliases', async () => {
    expect((await ask('{ a: hello b: hello }')).errors).toEqual([]);
    refused(await ask('{ a: hello b: hello c: hello }'), 'query: must have at most 2 aliases (got 3).');
  });

  it('limit the number of tokens', async () => {
    const long = `{ ${'hello '.repeat(4000)} }`;
    refused(await ask(long), 'Syntax Error: Document contains more that 4000 tokens. Parsing aborted.');
  });

  it('limit the number of characters', async () => {
    refused(
      await ask(`{ hello } #${'.'.repeat(40_000)}`),
      'query: must have at most 40000 characters (got 40011). Use variables for long input.',
    );
  });

  it('reject a cached query again', async () => {
    for (const _time of [1, 2]) {
      refused(await ask('{ x: hello y: hello z: hello }'), 'query: must have at most 2 aliases (got 3).');
    }
  });
});

describe('documents that are short, and large when expanded', () => {
  const chain = (length: number, body: (next: string) => string, type = 'Item') =>
    Array.from({ length }, (_, n) => `fragment F${n} on ${type} { ${body(`...F${n + 1}`)} }`).join(' ');
  const last = (length: number, selection: string, type = 'Item') =>
    `fragment F${length} on ${type} { ${selection} }`;
  const twice = (next: string) => `${next} ${next}`;

  const documents: [what: string, query: string][] = [
    [
      'fragments that each use the next one twice',
      `{ item { ...F0 } } ${chain(60, twice)} ${last(60, 'id')}`,
    ],
    [
      'the same in introspection',
      `{ __schema { ...F0 } } ${chain(27, twice, '__Schema')} ${last(27, 'types { name }', '__Schema')}`,
    ],
    [
      'fragments that each use the next one twice below the same field',
      `{ item { ...F0 } } ${chain(60, next => `item { ${next} ${next} }`)} ${last(60, 'id')}`,
    ],
    ['fragments that nobody uses', `{ hello } ${chain(60, twice)} ${last(60, 'id')}`],
    ['a chain of fragments', `{ item { ...F0 } } ${chain(500, next => next)} ${last(500, 'id')}`],
    [
      'two fragments that use each other',
      '{ item { ...A } } fragment A on Item { ...B } fragment B on Item { ...A }',
    ],
    ['a fragment that uses itself', '{ item { ...A } } fragment A on Item { item { ...A } }'],
    ['deep inline fragments', `{ item { ${'... on Item { '.repeat(150)} id ${'}'.repeat(150)} } }`],
    ['deep fields', `{ ${'item { '.repeat(900)} id ${'}'.repeat(900)} }`],
    ['one field very often', `{ ${'item { item { id } } '.repeat(500)} }`],
    [
      'one field very often, in fragments',
      `{ item { ...F } item { ...F } } fragment F on Item { ${'id '.repeat(2000)} }`,
    ],
    [
      'many fragments in one place',
      `{ item { ${Array.from({ length: 600 }, (_, n) => `...F${n}`).join(' ')} } } ${chain(600, () => 'id')}`,
    ],
  ];

  it.each(documents)('are rejected at once: %s', async (_what, query) => {
    const start = performance.now();
    const { errors, data, text } = await ask(query);
    expect(data).toBeUndefined();
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(text.length).toBeLessThan(20_000);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('are accepted below the limit', async () => {
    const fragments = `${chain(8, twice)} ${last(8, 'id')}`;
    expect((await ask(`{ item { ...F0 } } ${fragments}`)).errors).toEqual([]);
  });

  it('have only the first of many errors named', async () => {
    const { errors } = await ask(`{ ${Array.from({ length: 1000 }, (_, n) => `wrong${n}`).join(' ')} }`);
    expect(errors.length).toBeLessThan(30);
  });
});

describe('the cost of a response', () => {
  const tooCostly = (cost: number): string =>
    `query: must cost at most 500 (got ${cost}). Ask for smaller pages (first), fewer fields or fewer counts.`;

  it('counts each field once for every item of the pages around it', async () => {
    expect((await ask('{ items(first: 499) { id } }')).errors).toEqual([]);
    refused(await ask('{ items(first: 500) { id } }'), tooCostly(501));
    refused(await ask('{ items(first: 20) { id items(first: 30) { id } } }'), tooCostly(1 + 20 * (2 + 30)));
  });

  it('counts pages whose size is a variable or a default', async () => {
    const query = 'query ($n: Int! = 600) { items(first: $n) { id } }';
    expect((await ask(query, { n: 5 })).errors).toEqual([]);
    refused(await ask(query, { n: 700 }), tooCostly(701));
    refused(await ask(query), tooCostly(601));
    refused(await ask('{ items { items { items { id } } } }'), tooCostly(1 + 10 * (1 + 10 * (1 + 10))));
  });

  it('counts the fields in fragments, for each use', async () => {
    const fragment = 'fragment F on Item { items(first: 300) { id } }';
    refused(await ask(`{ item { ...F ... on Item { ...F } } } ${fragment}`), tooCostly(1 + 2 * 301));
  });

  it('is computed quickly for fragments that each use the next one twice', async () => {
    const chain = Array.from(
      { length: 10 },
      (_, n) => `fragment F${n} on Item { ...F${n + 1} ...F${n + 1} }`,
    );
    const query = `{ item { ...F0 } } ${chain.join(' ')} fragment F10 on Item { id }`;
    refused(await ask(query), tooCostly(1 + 2 ** 10));
  });

  it('is limited for subscriptions too', async () => {
    const answer = await ask('subscription ($f: Filter) { ticks(filter: $f) }', { f: { ids: [1, 2, 3, 4] } });
    refused(answer, 'f.ids: a list may have 3 items at most; this one has 4.');
  });
});

describe('the length of lists', () => {
  const query = 'query ($filter: Filter, $ids: [Int!]) { count(filter: $filter, ids: $ids) }';

  it('may equal the limit', async () => {
    expect((await ask(query, { ids: [1, 2, 3], filter: { ids: [1, 2, 3] } })).errors).toEqual([]);
    expect((await ask('{ count(ids: [1, 2, 3]) }')).errors).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['ids', { ids: [1, 2, 3, 4] }],
    ['filter.names', { filter: { names: ['a', 'b', 'c', 'd'] } }],
    ['filter.any[1].any[0].ids', { filter: { any: [{}, { any: [{ ids: [1, 2, 3, 4] }] }] } }],
    ['filter.any.ids', { filter: { any: { ids: [1, 2, 3, 4] } } }],
  ])('is rejected with the path in the variables: %s', async (path, variables) => {
    refused(await ask(query, variables), `${path}: a list may have 3 items at most; this one has 4.`);
  });

  it.each([
    ['ids', '{ count(ids: [1, 2, 3, 4]) }'],
    ['filter.any[0].ids', '{ count(filter: { any: [{ ids: [1, 2, 3, 4] }] }) }'],
    ['$ids', 'query ($ids: [Int!] = [1, 2, 3, 4]) { count(ids: $ids) }'],
  ])('is rejected with the location in the query: %s', async (path, text) => {
    refused(await ask(text), `${path}: a list may have 3 items at most; this one has 4.`);
  });

  it('is not limited inside JSON', async () => {
    expect((await ask(query, { filter: { data: [1, 2, 3, 4] } })).errors).toEqual([]);
    expect((await ask('{ count(filter: { data: [1, 2, 3, 4] }) }')).errors).toEqual([]);
  });
});

afterAll(() => yoga.dispose());
