import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StateType } from '../../src/domain/state';
import type { PrefectServer } from './prefectServer';

/** A run to make. */
export interface SeedRun {
  flowId: string;
  deploymentId?: string;
  name?: string;
  tags?: readonly string[];
  parameters?: object;
  retries?: number;
  retryDelay?: number;
  parentTaskRunId?: string;
  /** The states that it goes through, the last of which it is in. Forced, so that none is refused. Default: Scheduled. */
  states?: readonly SeedState[];
}

/** A state of a run to make. */
export interface SeedState {
  type: StateType;
  name?: string;
  message?: string;
  data?: object;
  state_details?: object;
}

/** Fills a Prefect server by its own API, as its clients do. */
export interface PrefectSeed {
  /** Sends any call, again where the server is busy; throws what it responded where that is no success. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
  /** Makes a flow and returns its id. */
  flow(name?: string): Promise<string>;
  /** Makes a deployment and returns its id. */
  deployment(flowId: string, more?: object): Promise<string>;
  /**
   * Makes runs one after the other, and returns their ids in the order of the list. Never several at once: on SQLite such calls
   * fail with 503, each failed statement of the server waits for its garbage collector, and where that comes to it while
   * another call waits for the lock of the same connection, the server stands still for the 60 s of its lock time-out.
   */
  runs(runs: readonly SeedRun[]): Promise<string[]>;
  /** Moves a run by force. */
  move(id: string, state: SeedState): Promise<void>;
  /** Has runs of a deployment with a schedule made as its scheduler makes them, and returns their ids. */
  scheduledRuns(flowId: string): Promise<string[]>;
  /** Makes a task run in a run, and returns its id. */
  taskRun(flowRunId: string, name?: string): Promise<string>;
  /** Deletes a run. */
  deleteRun(id: string): Promise<void>;
}

const maxTries = 30;
const retryMilliseconds = 100;

/** Prepares to fill a server. */
export function seedPrefect({
  apiUrl,
  authString,
}: Pick<PrefectServer, 'apiUrl' | 'authString'>): PrefectSeed {
  const authorization: Record<string, string> =
    authString === undefined ? {} : { authorization: `Basic ${Buffer.from(authString).toString('base64')}` };

  let token: Record<string, string> = {};

  /** Gets what a server with protection against cross-site requests demands of writes. */
  async function fetchToken(): Promise<void> {
    // A new token of one client replaces the old one, which another call may be sending.
    const client = randomUUID();
    const response = await fetch(`${apiUrl}/csrf-token?client=${client}`, { headers: authorization });
    const body = (await response.json()) as { token: string };
    token = { 'prefect-csrf-token': body.token, 'prefect-csrf-client': client };
  }

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(apiUrl + path, {
        method,
        // After each 5xx the server closes the connection without notice, so that the next call on it would fail.
        headers: {
          'content-type': 'application/json',
          connection: 'close',
          ...authorization,
          ...token,
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? null : JSON.parse(text);
      if (response.status === 403 && text.includes('CSRF')) {
        await fetchToken();
        continue;
      }
      // SQLite is locked while another transaction writes; what is made has a key, so that a repetition makes it once.
      if (response.status !== 503 || attempt === maxTries)
        throw new Error(`${method} ${path}: ${response.status} ${text}`);
      await sleep(retryMilliseconds);
    }
  }

  const make = async (path: string, body: object): Promise<string> =>
    ((await call('POST', path, body)) as { id: string }).id;

  const move = async (id: string, state: SeedState): Promise<void> => {
    await call('POST', `/flow_runs/${id}/set_state`, { state, force: true });
  };

  async function makeRun(run: SeedRun): Promise<string> {
    const [first = { type: 'SCHEDULED' }, ...more] = run.states ?? [];
    const id = await make('/flow_runs/', {
      flow_id: run.flowId,
      deployment_id: run.deploymentId ?? null,
      ...(run.name !== undefined && { name: run.name }),
      tags: run.tags ?? [],
      parameters: run.parameters ?? {},
      empirical_policy: { retries: run.retries ?? null, retry_delay: run.retryDelay ?? null },
      parent_task_run_id: run.parentTaskRunId ?? null,
      idempotency_key: randomUUID(),
      state: first,
    });
    for (const state of more) await move(id, state);
    return id;
  }

  return {
    call,
    flow: (name = `flow-${randomUUID()}`) => make('/flows/', { name }),
    deployment: (flowId, more = {}) =>
      make('/deployments/', { name: `deployment-${randomUUID()}`, flow_id: flowId, ...more }),
    async runs(runs) {
      const ids: string[] = [];
      for (const run of runs) ids.push(await makeRun(run));
      return ids;
    },
    move,
    async scheduledRuns(flowId) {
      const deploymentId = await make('/deployments/', {
        name: `scheduled-${randomUUID()}`,
        flow_id: flowId,
        schedules: [{ active: true, schedule: { interval: 3600 } }],
      });
      await call('POST', `/deployments/${deploymentId}/schedule`, { min_runs: 3, max_runs: 3 });
      const found = await call('POST', '/flow_runs/filter', {
        flow_runs: { deployment_id: { any_: [deploymentId] } },
      });
      return (found as { id: string }[]).map(({ id }) => id);
    },
    taskRun: (flowRunId, name = 'task') =>
      make('/task_runs/', { flow_run_id: flowRunId, task_key: name, dynamic_key: randomUUID(), name }),
    async deleteRun(id) {
      await call('DELETE', `/flow_runs/${id}`);
    },
  };
}
