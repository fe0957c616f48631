import { setImmediate as later } from 'node:timers/promises';
import { useAnswerOrder } from '../../src/plugins';
import { toyServer } from './toyServer';

describe('useAnswerOrder', () => {
  const loaded = <Value>(value: Value) => later(undefined).then(() => value);
  const item = {
    id: 1,
    item: () => loaded({ id: 2, item: null }),
    items: () => loaded([{ id: 3 }, { id: 4 }]),
  };
  const { ask, send } = toyServer([useAnswerOrder()], {
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
  ])('answers %s in the order in which they were asked for', async (_what, query, data) => {
    expect((await ask(query)).text).toBe(`{"data":${data}}`);
    // Again, with the document remembered.
    expect((await ask(query)).text).toBe(`{"data":${data}}`);
  });

  it('orders what a subscription tells, too', async () => {
    const { text } = await send({
      body: JSON.stringify({ query: 'subscription { made { item { id } id } }' }),
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    expect(text).toContain('data: {"data":{"made":{"item":{"id":2},"id":1}}}');
  });

  it('knows operations of one document apart', async () => {
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
