import { v7 } from 'uuid';
import { ok, route } from '../../../src/http/rest/route';
import { createRoutes } from '../../../src/http/rest/routes';
import { describeOnDatabases } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { byScopes, openRest } from './rest';

const routes = createRoutes({ maxListLength: 10_000, maxPageSize: 200 });
const guarded = routes.flatMap(({ method, path, scope }) =>
  scope === null ? [] : [{ method, path, scope }],
);

test('a route that accepts a body does not compile without a schema for it', () => {
  // @ts-expect-error: this is the assertion. Should the line compile one day, the directive is unused and fails.
  const row = route({ method: 'POST', path: '/nothing', scope: 'write', handle: async () => ok(null) });
  expect(row.body).toBeUndefined();
  expect(routes.filter(({ method, body }) => method === 'POST' && body === undefined)).toEqual([]);
});

test('only calls that concern no run are open to callers without a key', () => {
  const open = routes.filter(({ scope }) => scope === null);
  expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /health',
    'GET /admin/version',
    'GET /csrf-token',
  ]);
});

describeOnDatabases(['embedded'], 'REST: the table of routes', database => {
  const rest = shared(() => openRest(database.url, byScopes));

  test.each(guarded)(
    '$method $path rejects callers without the scope "$scope"',
    async ({ method, path, scope }) => {
      const body = method === 'POST' ? 'no JSON' : undefined;
      const statusFor = async (scopes: string) => {
        const headers = { authorization: `Bearer ${scopes}` };
        return (await rest.call(method, path.replace(':id', v7()), body, headers)).status;
      };
      const others = ['read', 'write', 'force', 'operate'].filter(other => other !== scope).join();

      expect(await statusFor(others)).toBe(403);
      expect(await statusFor(scope)).not.toBe(403);
    },
  );
});
