import { setImmediate as later } from 'node:timers/promises';
import { useErrorCodes, useGraphql } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const limits = {
  maxDepth: 12,
  maxAliases: 50,
  maxTokens: 20_000,
  maxQueryLength: 250_000,
  introspection: true,
};

describe('the order of the fields in a response', () => {
  const loaded = <Value>(value: Value) => later(undefined).then(() => value);
  const item = {
    id: 1,
    item: () => loaded({ id: 2, item: null }),
    items: () => loaded([{ id: 3 }, { id: 4 }]),
  };
  const { ask, send } = toyServer([useGraphql(limits)], {
    Query: {
      hello: () => loaded('world'),
      count: () => 1,
      item: () => item,
      items: () => loaded([item, { id: 5 }]),
    },
    Subscription: {
      made: {
        async *subscribe() {
          yield { made: item };
        },
      },
    },
  });

  it.each([
    ['fields', '{ hello count item { id } }', '{"hello":"world","count":1,"item":{"id":1}}'],
    ['aliases', '{ b: hello a: count c: hello }', '{"b":"world","a":1,"c":"world"}'],
    [
      'fields below others',
      '{ item { items { id } id item { item { id } id } } }',
      '{"item":{"items":[{"id":3},{"id":4}],"id":1,"item":{"item":null,"id":2}}}',
    ],
    [
      'the items of a list, with one field in several places',
      '{ items { item { id } id ... on Item { item { again: id } } } }',
      '{"items":[{"item":{"id":2,"again":2},"id":1},{"item":null,"id":5}]}',
    ],
    [
      'fragments',
      'query { ...Both count } fragment Both on Query { hello item { ...Item } } fragment Item on Item { item { id } id }',
      '{"hello":"world","item":{"item":{"id":2},"id":1},"count":1}',
    ],
  ])('is the order of the query for %s', async (_what, query, data) => {
    expect((await ask(query)).text).toBe(`{"data":${data}}`);
    // Again, with the document remembered.
    expect((await ask(query)).text).toBe(`{"data":${data}}`);
  });

  it('is the order of the query in the events of a subscription', async () => {
    const { text } = await send({
      body: JSON.stringify({ query: 'subscription { made { item { id } id } }' }),
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    expect(text).toContain('data: {"data":{"made":{"item":{"id":2},"id":1}}}');
  });

  it('is the order of the operation that was chosen among several in one document', async () => {
    const query = 'query One { hello count } query Other { count hello }';
    const textOf = async (operationName: string) =>
      (
        await send({
          body: JSON.stringify({ query, operationName }),
          headers: { 'content-type': 'application/json' },
        })
      ).text;
    expect(await textOf('One')).toBe('{"data":{"hello":"world","count":1}}');
    expect(await textOf('Other')).toBe('{"data":{"count":1,"hello":"world"}}');
  });
});

describe('names with a meaning in JavaScript', () => {
  const names = ['then', 'catch', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  const json = '{"then":1,"__proto__":{"then":2},"list":[{"then":null}]}';
  const later = <Value>(value: Value) => Promise.resolve(value);
  const { send } = toyServer([useGraphql(limits)], {
    Query: {
      count: () => 1,
      items: () =>
        later([
          { id: 3, item: () => later({ id: 4 }) },
          { id: 5, item: null },
        ]),
      json: () => later(JSON.parse(json)),
    },
  });
  const textOf = async (query: string) =>
    (await send({ body: JSON.stringify({ query }), headers: { 'content-type': 'application/json' } })).text;

  it.each(names)('work as aliases at the root, in lists and below: %s', async name => {
    expect(await textOf(`{ ${name}: count items { ${name}: id item { ${name}: id } } }`)).toBe(
      `{"data":{"${name}":1,"items":[{"${name}":3,"item":{"${name}":4}},{"${name}":5,"item":null}]}}`,
    );
    expect(await textOf(`{ items { ${name}: item { id } } }`)).toBe(
      `{"data":{"items":[{"${name}":{"id":4}},{"${name}":null}]}}`,
    );
  });

  it('work as names in JSON values', async () => {
    expect(await textOf('{ json }')).toBe(`{"data":{"json":${json}}}`);
  });
});

describe('names of the schema', () => {
  const typos: [where: string, query: string, variables?: Record<string, unknown>][] = [
    ['a field', '{ helo }'],
    ['an argument', '{ items(frist: 1) { id } }'],
    ['a type', '{ ... on Querry { hello } }'],
    ['the type of a variable', 'query ($f: Filtr) { count(filter: $f) }'],
    ['an input field', '{ count(filter: { idz: [1] }) }'],
    ['an input field in a variable', 'query ($f: Filter) { count(filter: $f) }', { f: { idz: [1] } }],
    [
      'an input field of a subscription',
      'subscription ($f: Filter) { ticks(filter: $f) }',
      { f: { idz: [1] } },
    ],
    ['an enum value', '{ colored(color: REDD) }'],
    ['an enum value in a variable', 'query ($c: Color) { colored(color: $c) }', { c: 'REDD' }],
    ['a directive', '{ hello @skipp(if: true) }'],
    ['an argument of a directive', '{ hello @skip(iff: true, if: false) }'],
  ];

  it.each(typos)(
    'are not suggested for %s while introspection is off',
    async (_where, query, variables = {}) => {
      const { ask } = toyServer([useErrorCodes(), useGraphql({ ...limits, introspection: false })]);
      const { text, errors } = await ask(query, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(text).not.toMatch(/did you mean/i);
    },
  );

  it('are suggested while introspection is on', async () => {
    const { ask } = toyServer([useErrorCodes(), useGraphql(limits)]);
    expect((await ask('{ helo }')).text).toContain('Did you mean');
  });
});

describe('an absent variable that is named like a property of every object', () => {
  let received: unknown;
  const { ask } = toyServer([useErrorCodes(), useGraphql(limits)], {
    Query: {
      count(_parent: unknown, args: unknown) {
        received = args;
        return 1;
      },
    },
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('has no value: $%s', async name => {
    const query = `query ($${name}: [String!]) { count(filter: { ids: [1], names: $${name} }) }`;
    expect((await ask(query)).errors).toEqual([]);
    expect(received).toEqual({ filter: { ids: [1] } });
  });

  it('has the value that was sent', async () => {
    const query = 'query ($constructor: [String!]) { count(filter: { names: $constructor }) }';
    await ask(query, { constructor: ['a'] });
    expect(received).toEqual({ filter: { names: ['a'] } });
  });
});

describe('errors of many invalid values', () => {
  const { ask } = toyServer([useErrorCodes(), useGraphql(limits)]);

  it('name the first ten in variables by their paths', async () => {
    const { errors } = await ask('query ($ids: [Int!]) { count(ids: $ids) }', { ids: Array(1000).fill('x') });
    expect(errors).toHaveLength(11);
    expect(errors[9]).toMatchObject({ extensions: { issues: [{ path: ['ids', 9] }] } });
    expect(errors[10]?.message).toBe('variables: more values are wrong than the 10 that are named.');
  });

  it('give few locations in a document', async () => {
    const { errors, text } = await ask(`{ count(${'ids: 1 '.repeat(3000)}) }`);
    expect(errors).toHaveLength(1);
    expect(text.length).toBeLessThan(2000);
  });
});
