import { GraphQLError } from 'graphql';
import { badUserInput, forbidden, notFound, unauthenticated, unavailable } from '../../src/domain/errors';
import { useErrorCodes } from '../../src/plugins';
import { toyServer } from './toyServer';

const throwing = (error: unknown) =>
  toyServer([useErrorCodes()], {
    Query: {
      hello: () => {
        throw error;
      },
    },
  });

describe('what callers are told', () => {
  it.each([
    [notFound('flow 7'), { code: 'NOT_FOUND' }, 'There is no flow 7.'],
    [forbidden('No.'), { code: 'FORBIDDEN' }, 'No.'],
    [unavailable('Later.'), { code: 'UNAVAILABLE' }, 'Later.'],
    [
      badUserInput([{ path: ['input', 'limit'], message: 'at most 50' }]),
      { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'limit'], message: 'at most 50' }] },
      'input.limit: at most 50',
    ],
    [
      new GraphQLError('Not so.', { extensions: { code: 'NOT_FOUND', secret: 1 } }),
      { code: 'NOT_FOUND' },
      'Not so.',
    ],
  ])('is our own errors, with their codes: %s', async (error, extensions, message) => {
    const server = throwing(error);
    const { status, errors, data } = await server.ask('{ hello }');
    expect([status, data]).toEqual([200, { hello: null }]);
    expect(errors).toEqual([{ message, extensions, path: ['hello'], locations: [{ line: 1, column: 3 }] }]);
    expect(server.log()).toBe('');
  });

  it.each([
    new Error('password hunter2'),
    new TypeError('x is undefined'),
    new GraphQLError('no code'),
    new GraphQLError('strange code', { extensions: { code: 'ER_DUP_ENTRY' } }),
    'a thrown string',
  ])('is nothing of any other error: %s', async error => {
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
  ])('is what is wrong with a query that %s', async (_what, query, variables) => {
    const server = toyServer([useErrorCodes()]);
    const { errors, data } = await server.ask(query, variables);
    expect(data).toBeUndefined();
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(errors[0]?.message).not.toBe('Unexpected error.');
    expect(server.log()).toBe('');
  });

  it.each(['no json', '[]', '7', '{}', '{"query":7}'])('is what is wrong with the body %s', async body => {
    const answer = await toyServer([]).send({ body, headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBeLessThan(500);
    expect(answer.errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });
});

describe('the status of an answer that holds nothing but an error', () => {
  const refusing = (error: unknown) =>
    toyServer([
      {
        onContextBuilding() {
          throw error;
        },
      },
    ]);

  it.each([
    [unauthenticated('Who are you?'), 401, 'UNAUTHENTICATED'],
    [unavailable('Later.'), 503, 'UNAVAILABLE'],
    [new Error('Broken'), 500, 'INTERNAL_ERROR'],
  ])('says the same as its code: %s', async (error, status, code) => {
    const answer = await refusing(error).ask('{ hello }');
    expect(answer.status).toBe(status);
    expect(answer.errors[0]?.extensions).toEqual({ code });
  });

  it('asks those whom nobody knows for a token', async () => {
    const { headers } = await refusing(unauthenticated('Who are you?')).ask('{ hello }');
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });
});
