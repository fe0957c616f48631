import { unavailable } from '../../../src/domain/errors';
import { useAuthentication } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

test('GraphQL and REST respond with 503 while tokens cannot be checked', async () => {
  const { send } = toyServer([
    useAuthentication(async () => {
      throw unavailable('The keys cannot be fetched now.');
    }),
  ]);
  const headers = { 'content-type': 'application/json' };
  const body = '{"query":"{ hello }"}';
  const graphql = await send({ body, headers });
  expect([graphql.status, graphql.errors]).toEqual([
    503,
    [{ message: 'The keys cannot be fetched now.', extensions: { code: 'UNAVAILABLE' } }],
  ]);
  const rest = await send({ body, headers }, 'http://localhost/api/flow_runs/count');
  expect([rest.status, rest.text]).toEqual([503, '{"detail":"The keys cannot be fetched now."}']);
});
