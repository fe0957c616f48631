/** What the sample has: runs of a flow, all in one state. */
interface SampleRuns {
  flow: string;
  count: number;
  state: { type: string; message?: string };
}

const outage = 'The warehouse did not respond.';
const sample: readonly SampleRuns[] = [
  { flow: 'load-orders', count: 45, state: { type: 'FAILED', message: outage } },
  { flow: 'load-orders', count: 15, state: { type: 'COMPLETED' } },
  { flow: 'daily-report', count: 25, state: { type: 'FAILED', message: outage } },
  {
    flow: 'daily-report',
    count: 10,
    state: { type: 'CRASHED', message: 'The container ran out of memory.' },
  },
  {
    flow: 'sync-payments',
    count: 25,
    state: { type: 'FAILED', message: 'The payments API did not respond.' },
  },
];

/** The flows that the demo's operation reruns; the runs of the other one are left for the reader. */
export const flowsToRerun = ['load-orders', 'daily-report'];
/** The flow whose failed runs are left. */
export const untouchedFlow = 'sync-payments';

const maxTries = 30;
const retryMilliseconds = 200;

/**
 * Makes flows, deployments and runs in a Prefect server by its own API, one call after the other: on SQLite, calls that create at
 * the same time fail.
 *
 * @returns how many runs it made.
 */
export async function fillPrefect(url: string): Promise<number> {
  async function make(path: string, body: object): Promise<string> {
    for (let tries = 1; ; tries++) {
      const response = await fetch(`${url}/api${path}`, {
        method: 'POST',
        // After a failure the server closes the connection without notice.
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (response.ok) return (JSON.parse(text) as { id: string }).id;
      if (response.status !== 503 || tries === maxTries)
        throw new Error(`POST ${path}: ${response.status} ${text}`);
      await new Promise(resolve => setTimeout(resolve, retryMilliseconds));
    }
  }

  const owners = new Map<string, { flow_id: string; deployment_id: string }>();
  for (const { flow } of sample) {
    if (owners.has(flow)) continue;
    const id = await make('/flows/', { name: flow });
    const deployment = await make('/deployments/', { name: 'nightly', flow_id: id });
    owners.set(flow, { flow_id: id, deployment_id: deployment });
  }
  let made = 0;
  for (const { flow, count, state } of sample)
    for (let number = 1; number <= count; number++) {
      await make('/flow_runs/', {
        ...owners.get(flow),
        name: `${flow}-${state.type.toLowerCase()}-${number}`,
        tags: ['nightly'],
        idempotency_key: `${flow}-${state.type}-${number}`,
        state,
      });
      made++;
    }
  return made;
}
