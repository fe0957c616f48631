import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
    'GET /openapi.json',
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

test('docs/rest.md lists every call with its scope, and no other', () => {
  const text = readFileSync(join(__dirname, '../../../docs/rest.md'), 'utf8');
  const table = text.slice(text.indexOf('## Calls'), text.indexOf('## Values'));
  const rows = [...table.matchAll(/^\| (`(?:GET|POST|DELETE) .*?) \| (\w+)/gm)];
  const listed = rows.flatMap(([, calls = '', scope = '']) =>
    [...calls.matchAll(/`(\w+) ([^`?]+)/g)].map(
      ([, method, path = '']) => `${method} ${path.replace('{id}', ':id').replace(/\/$/, '')}: ${scope}`,
    ),
  );
  const served = routes.map(({ method, path, scope }) => `${method} ${path}: ${scope ?? 'none'}`);
  expect(listed.sort()).toEqual(served.sort());
});
