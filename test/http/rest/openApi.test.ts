import { Validator } from '@seriousme/openapi-schema-validator';
import { v7 } from 'uuid';
import { createRoutes } from '../../../src/http/rest/routes';
import { describeOnDatabases } from '../../harness/databases';
import { startGateway } from '../../harness/gateway';
import { shared } from '../../harness/shared';

interface Operation {
  parameters?: { name: string; in: string; required: boolean; schema: { format?: string } }[];
  requestBody?: { content: { 'application/json': { schema: { properties: object; required?: string[] } } } };
  responses: Record<string, { description: string; content?: { 'application/json': { schema: object } } }>;
  security: object[];
}

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

const routes = createRoutes({ maxListLength: 10_000, maxPageSize: 200 });
const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

describeOnDatabases(['embedded'], 'The OpenAPI document', database => {
  const gateway = shared(() => startGateway(database.url));
  const guarded = shared(() => startGateway(database.url, { API_KEYS: `ops:read:${'ab'.repeat(32)}` }));
  const at = (path: string): string => gateway.url.replace('/graphql', `/api${path}`);
  const read = async (): Promise<OpenApi> => (await fetch(at('/openapi.json'))).json() as Promise<OpenApi>;

  test('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...(await read()) });
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect((await read()).openapi).toBe('3.1.0');
  });

  test('is served without a key', async () => {
    const response = await fetch(guarded.url.replace('/graphql', '/api/openapi.json'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
  });

  test('has every route, with its body, its parameters and what it needs', async () => {
    const { paths } = await read();
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { requestBody, parameters = [], security, responses }]) => ({
        call: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        hasBody: requestBody !== undefined,
        parameters: parameters.map(({ name }) => name),
        isOpen: security.length === 0,
        rejectsCallers: '403' in responses,
      })),
    );
    const expected = routes.map(({ method, path, body, query, scope }) => ({
      call: `${method} ${path}`,
      hasBody: body !== undefined,
      parameters: [...(path.includes(':id') ? ['id'] : []), ...(query === undefined ? [] : [query])],
      isOpen: scope === null,
      rejectsCallers: scope !== null,
    }));
    expect(new Map(described.map(one => [one.call, one]))).toEqual(
      new Map(expected.map(one => [one.call, one])),
    );
  });

  test('describes the bodies as they are checked', async () => {
    const { paths } = await read();
    const bodyOf = (path: string) => paths[path]?.['post']?.requestBody?.content['application/json'].schema;
    expect(bodyOf('/flow_runs')?.required).toEqual(['flow_id']);
    expect(bodyOf('/flow_runs/bulk_set_state')?.required).toEqual(['state']);
    expect(bodyOf('/flow_runs/bulk_set_state')?.properties).toMatchObject({
      limit: { default: 50 },
      force: { default: false },
    });
  });

  test('lists the status and the type of every response that calls give', async () => {
    const { paths } = await read();
    const send = async (method: string, path: string, sent: string, body?: unknown) => {
      const response = await fetch(at(sent), {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const value: unknown = text === '' ? null : JSON.parse(text);
      const described = paths[path]?.[method.toLowerCase()]?.responses[response.status];
      const schema = described?.content?.['application/json'].schema;
      const expected =
        response.status >= 400 ? { $ref: '#/components/schemas/Error' } : { type: kindOf(value) };
      expect([method, path, response.status, schema]).toEqual([
        method,
        path,
        response.status,
        value === null ? undefined : expected,
      ]);
      expect(described?.description).toBeTruthy();
      return value as { id: string; state_id: string };
    };
    const flow = await send('POST', '/flows', '/flows', { name: `flow ${v7()}` });
    const run = await send('POST', '/flow_runs', '/flow_runs', { flow_id: flow.id });
    await send('POST', '/flow_runs', '/flow_runs', { flow_id: v7() });
    await send('GET', '/flow_runs/{id}', `/flow_runs/${run.id}`);
    await send('GET', '/flow_run_states', `/flow_run_states?flow_run_id=${run.id}`);
    await send('GET', '/flow_run_states', '/flow_run_states?flow_run_id=x');
    await send('GET', '/flow_run_states/{id}', `/flow_run_states/${run.state_id}`);
    await send('POST', '/flow_runs/{id}/set_state', `/flow_runs/${run.id}/set_state`, {
      state: { type: 'RUNNING' },
    });
    for (const { method, path, body } of routes) {
      const plain = path.replace(':id', '{id}');
      await send(method, plain, path.replace(':id', v7()), body && { no: 'field' });
      await send(method, plain, path.replace(':id', v7()), body && {});
    }
    await send('DELETE', '/flow_runs/{id}', `/flow_runs/${run.id}`);
  });
});
