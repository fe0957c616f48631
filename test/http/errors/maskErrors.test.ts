import { GraphQLError } from 'graphql';
import { badUserInput, forbidden, notFound, unauthenticated, unavailable } from '../../../src/domain/errors';
import { useErrorCodes } from '../../../src/http/plugins';
import { toyServer } from '../plugins/toyServer';

const throwing = (error: unknown) =>
  toyServer([useErrorCodes()], {
    Query: {
      hello: () => {
        throw error;
      },
    },
  });

describe('the error that callers receive', () => {
  it.each<[string, Error, string]>([
    ['NOT_FOUND', notFound('flow 7'), 'There is no flow 7.'],
    ['FORBIDDEN', forbidden('No.'), 'No.'],
    ['UNAVAILABLE', unavailable('Later.'), 'Later.'],
    ['TIMEOUT', new GraphQLError('Slow.', { extensions: { code: 'TIMEOUT', secret: 1 } }), 'Slow.'],
  ])('is our own error with its code: %s', async (code, error, message) => {
    const server = throwing(error);
    const { status, errors, data } = await server.ask('{ hello }');
    expect([status, data]).toEqual([200, { hello: null }]);
    expect(errors).toEqual([
      { message, extensions: { code }, path: ['hello'], locations: [{ line: 1, column: 3 }] },
    ]);
    // Only what is wrong on our side is for the log.
    if (code === 'UNAVAILABLE')
      expect(JSON.parse(server.log())).toMatchObject({ level: 'warn', msg: 'a request failed' });
    else expect(server.log()).toBe('');
  });

  it('names each problem of the input', async () => {
    const issues = [{ path: ['input', 'limit'], message: 'at most 50' }];
    const { errors } = await throwing(badUserInput(issues)).ask('{ hello }');
    expect(errors).toMatchObject([
      { message: 'input.limit: at most 50', extensions: { code: 'BAD_USER_INPUT', issues } },
    ]);
  });

  it.each<[string, unknown]>([
    ['an error', new Error('password hunter2')],
    ['a slip of the program', new TypeError('x is undefined')],
    ['a GraphQL error without a code', new GraphQLError('no code')],
    [
      'hides an error with the code of another program',
      new GraphQLError('strange', { extensions: { code: 'ER_DUP_ENTRY' } }),
    ],
    ['what is no error', 'a thrown string'],
  ])('is "Unexpected error." for any other: %s', async (_what, error) => {
    const server = throwing(error);
    const { errors, text } = await server.ask('{ hello }');
    expect(errors).toMatchObject([{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_ERROR' } }]);
    expect(text).not.toMatch(/hunter2|stack|\.ts|undefined|no code|strange|thrown/);
    expect(server.log()).toContain('Unexpected error');
  });

  it('leaves the stack in the log', async () => {
    const server = throwing(new Error('Broken'));
    await server.ask('{ hello }');
    expect(JSON.parse(server.log())).toMatchObject({
      level: 'error',
      err: { stack: expect.stringContaining('.ts') },
    });
  });

  it.each([
    ['does not parse', '{ hello', {}],
    ['does not fit the schema', '{ goodbye }', {}],
    ['lacks a variable', 'query ($n: Int!) { items(first: $n) { id } }', {}],
    ['has a wrong variable', 'query ($n: Int!) { items(first: $n) { id } }', { n: 'many' }],
    ['has no such operation', 'fragment F on Item { id }', {}],
  ])('names what is wrong with a query that %s', async (_what, query, variables) => {
    const server = toyServer([useErrorCodes()]);
    const { errors, data } = await server.ask(query, variables);
    expect(data).toBeUndefined();
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(errors[0]?.message).not.toBe('Unexpected error.');
    expect(server.log()).toBe('');
  });

  it('names the path in a variable', async () => {
    const query = 'query ($filter: Filter) { count(filter: $filter) }';
    const { errors } = await toyServer([useErrorCodes()]).ask(query, { filter: { ids: [1, 'x'] } });
    expect(errors[0]?.extensions.issues).toEqual([
      { path: ['filter', 'ids', 1], message: expect.stringContaining('Int cannot represent') },
    ]);
  });

  it.each(['no json', '[]', '7', '{}', '{"query":7}'])('names what is wrong with the body %s', async body => {
    const answer = await toyServer([]).send({ body, headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBeLessThan(500);
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('the status of a response with only an error', () => {
  const refusing = (error: unknown) =>
    toyServer([
      {
        onContextBuilding() {
          throw error;
        },
      },
    ]);

  it.each([
    ['UNAUTHENTICATED', 401, unauthenticated('Who are you?')],
    ['UNAVAILABLE', 503, unavailable('Later.')],
    ['INTERNAL_ERROR', 500, new Error('Broken')],
  ])('matches its code: %s, %d', async (code, status, error) => {
    const answer = await refusing(error).ask('{ hello }');
    expect(answer.status).toBe(status);
    expect(answer.errors[0]?.extensions).toEqual({ code });
  });

  it('asks unknown callers for a token', async () => {
    const { headers } = await refusing(unauthenticated('Who are you?')).ask('{ hello }');
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });
});
