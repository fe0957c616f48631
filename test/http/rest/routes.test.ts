import { v7 } from 'uuid';
import { describeOnDatabases } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { byScopes, openRest } from './rest';

describeOnDatabases(['embedded'], 'REST: paths and methods', database => {
  const rest = shared(() => openRest(database.url));

  test.each<[method: string, path: string, allow: string]>([
    ['GET', '/flow_runs/', 'POST'],
    ['PUT', '/flows/', 'POST'],
    ['PATCH', `/flow_runs/${v7()}`, 'GET, HEAD, DELETE'],
    ['POST', '/flow_run_states/', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', `/flow_runs/${v7()}/set_state`, 'POST'],
    ['POST', '/csrf-token', 'GET, HEAD'],
  ])('responds to %s %s with 405 and the methods of the path', async (method, path, allow) => {
    expect(await rest.allow(method, path)).toEqual({
      status: 405,
      allow,
      body: { detail: 'Method Not Allowed' },
    });
  });

  test('responds to OPTIONS with the methods of a path', async () => {
    expect(await rest.allow('OPTIONS', '/flow_runs/')).toEqual({ status: 204, allow: 'POST', body: null });
  });

  test.each(['/nowhere', '', '/', '/flow_runs/a/b/c', '/flows/filter/more'])(
    'responds to every method of the unknown path %j with 404',
    async path => {
      for (const method of ['GET', 'POST', 'PUT', 'OPTIONS'])
        expect(await rest.allow(method, path)).toEqual({
          status: 404,
          allow: null,
          body: { detail: 'Not Found' },
        });
    },
  );

  test('responds to HEAD like to GET, without a body', async () => {
    expect(await rest.allow('HEAD', '/health')).toEqual({ status: 200, allow: null, body: null });
  });

  test('ignores a slash at the end of a path', async () => {
    const flowId = await rest.createFlow();
    for (const path of ['/flow_runs', '/flow_runs/'])
      expect((await rest.post(path, { flow_id: flowId })).status).toBe(201);
    for (const path of ['/flow_runs/count', '/flow_runs/count/'])
      expect((await rest.post(path, {})).status).toBe(200);
    expect((await rest.get('/health/')).body).toBe(true);
  });

  test.each(['%zz', '%', '%00', '%2F', '%E0%A4%A', '..%2F', '%F0%9F%98%80', 'a'.repeat(5_000)])(
    'responds to the invalid id %s with 404 in a path and 422 in a query',
    async part => {
      expect((await rest.get(`/flow_runs/${part}`)).status).toBe(404);
      expect((await rest.get(`/flow_run_states/?flow_run_id=${part}`)).status).toBe(422);
    },
  );

  test('ignores unknown parameters of the query', async () => {
    const run = await rest.createRun(await rest.createFlow());
    const query = `flow_run_id=${run.id}&limit=x&__proto__[a]=1&&=&a=%`;
    expect((await rest.get(`/flow_run_states/?${query}`)).body).toHaveLength(1);
  });
});

describeOnDatabases(['embedded'], 'REST: methods of a path, before authentication', database => {
  const rest = shared(() => openRest(database.url, byScopes));

  test('allows a page of another origin nothing in the response to OPTIONS', async () => {
    const headers = { origin: 'https://example.com', 'access-control-request-method': 'POST' };
    const { status, body } = await rest.call('OPTIONS', '/flow_runs/', undefined, headers);
    expect([status, body]).toEqual([204, null]);
  });
});
