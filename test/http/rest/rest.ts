import { v7 } from 'uuid';
import { type Actor, type Authenticate, type Scope, scopes } from '../../../src/authentication';
import { createRest, type RestLimits } from '../../../src/http/rest';
import { openDatabase } from '../../../src/persistence/connection/database';
import type { Services } from '../../../src/transitions/services';
import { testServices } from '../../harness/services';

/** A response. */
export interface Answer {
  status: number;
  // JSON of some thirty shapes. The tests state each, and a wrong path fails an assertion: a type would say it twice.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** The REST calls on a database of their own. */
export interface TestRest {
  services: Services;
  /** What was reported as an error inside. */
  reported: unknown[];
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Calls without a body, and returns the methods that the response allows too. */
  allow(method: string, path: string): Promise<Answer & { allow: string | null }>;
  /** Creates a flow, and returns its id. */
  createFlow(name?: string): Promise<string>;
  createDeployment(flowId: string, settings?: Record<string, unknown>): Promise<string>;
  /** Creates a run, and returns it. */
  createRun(flowId: string, run?: Record<string, unknown>): Promise<Record<string, unknown> & { id: string }>;
  close(): Promise<void>;
}

const everybody: Authenticate = async () => ({ name: 'local', scopes: new Set(scopes) });

/** Lets callers in whose token is a list of scopes: `Bearer read,write`. */
export const byScopes: Authenticate = async header => {
  const words = (header ?? '').replace('Bearer ', '').split(',');
  return { name: 'caller', scopes: new Set(words.filter((word): word is Scope => word !== '')) };
};

/** Opens the REST calls on a database. */
export async function openRest(
  url: string,
  authenticate: (header: string | null) => Promise<Actor | undefined> = everybody,
  limits: RestLimits = { maxListLength: 10_000, maxPageSize: 200, requestTimeoutSeconds: 30 },
): Promise<TestRest> {
  const database = await openDatabase({ url });
  await database.migrate();
  const reported: unknown[] = [];
  const services = testServices(database, reported);
  const rest = createRest(services, limits);

  const send = async (method: string, path: string, body?: unknown, headers = {}) => {
    const request = new Request(`http://localhost/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const actor = await authenticate(request.headers.get('authorization'));
    const response = await rest.fetch(request, actor ? { actor } : {});
    const text = await response.text();
    const allow = response.headers.get('allow');
    return { status: response.status, allow, body: text === '' ? null : JSON.parse(text) };
  };
  const call: TestRest['call'] = async (...sent) => {
    const { status, body } = await send(...sent);
    return { status, body };
  };
  const post: TestRest['post'] = (path, body, headers) => call('POST', path, body, headers);

  return {
    services,
    reported,
    call,
    post,
    get: path => call('GET', path),
    allow: (method, path) => send(method, path),
    createFlow: async (name = `flow ${v7()}`) => (await post('/flows/', { name })).body.id,
    createDeployment: async (flowId, settings) =>
      (await post('/deployments/', { name: `deployment ${v7()}`, flow_id: flowId, ...settings })).body.id,
    createRun: async (flowId, run) => (await post('/flow_runs/', { flow_id: flowId, ...run })).body,
    close: () => database.close(),
  };
}
