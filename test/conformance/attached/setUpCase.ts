import { randomUUID } from 'node:crypto';
import type { Instant } from '../../../src/domain/instant';
import type { Json } from '../../../src/domain/json';
import { type PrefectSeed, type SeedState } from '../../harness/prefectSeed';
import { fill } from '../moments';
import type { Given, TransitionCase } from '../transitions';
import { isWire, type Wire } from '../wire';

/** What the server shows of a run. */
export interface ShownRun {
  id: string;
  state: Wire;
  run_count: number;
  next_scheduled_start_time: string | null;
  empirical_policy: Wire;
}

/** A case whose runs are in a Prefect server. */
export interface SetUpCase extends Given {
  /** The runs as they were before the call, by their names in the case. */
  before: ReadonlyMap<string, ShownRun>;
  /** The limits of deployments, by their names in the case. */
  limits: ReadonlyMap<string, string>;
}

/** A client that renews the leases of its runs: a server gives them to no other. */
const renewing = { 'user-agent': 'prefect/3.8.8 (API 0.8.4)' };
/** So high that every run of a case gets its slot; the limit of the case is set afterwards. */
const highLimit = 100;

export const readRun = async (seed: PrefectSeed, id: string): Promise<ShownRun> =>
  (await seed.call('GET', `/flow_runs/${id}`)) as ShownRun;

/** What is proposed so that a run comes into a state of a case; the id of its lease is the server's. */
function proposalOf(state: Wire): SeedState {
  const { type, name, message, data, state_details: details } = state;
  const { deployment_concurrency_lease_id: _lease, ...others } = isWire(details) ? details : {};
  return {
    type: type as SeedState['type'],
    ...(name !== undefined && { name: name as string }),
    ...(message !== undefined && { message: message as string }),
    ...(data !== undefined && { data: data as object }),
    state_details: others,
  };
}

/** The states on the way to one that holds a lease, as a worker and its flow propose them. */
function leasePath(state: SeedState): SeedState[] {
  const pending: SeedState = { type: 'PENDING' };
  const running: SeedState = { type: 'RUNNING' };
  if (state.type === 'PENDING') return [state];
  return state.type === 'RUNNING' ? [pending, state] : [pending, running, state];
}

async function moveWithLease(seed: PrefectSeed, id: string, state: SeedState): Promise<void> {
  for (const proposed of leasePath(state)) {
    const body = { state: proposed, force: false };
    const answer = await seed.call('POST', `/flow_runs/${id}/set_state`, body, renewing);
    if (!isWire(answer) || answer.status !== 'ACCEPT')
      throw new Error(`a state with a lease was not accepted: ${JSON.stringify(answer)}`);
  }
}

interface MadeRun {
  id: string;
  taskId: string | null;
  parentId: string | null;
}

async function makeRun(
  seed: PrefectSeed,
  flowId: string,
  wire: Wire,
  deploymentId: string | null,
): Promise<MadeRun> {
  const isSubflow = isWire(wire.parent_task);
  const parentId = isSubflow ? ((await seed.runs([{ flowId }]))[0] ?? null) : null;
  const taskId = parentId === null ? null : await seed.taskRun(parentId);
  const state = wire.state as Wire;
  const proposed = proposalOf(state);
  const ofCase = Number(wire.run_count ?? 0);
  const runsBefore = Math.max(0, proposed.type === 'RUNNING' ? ofCase - 1 : ofCase);
  const running = Array.from({ length: runsBefore }, (): SeedState => ({ type: 'RUNNING' }));
  const first: SeedState = { type: 'SCHEDULED' };
  const holdsLease = isWire(state.state_details) && 'deployment_concurrency_lease_id' in state.state_details;
  // The server fails on a new run whose first state has a result.
  const isFirst = runsBefore === 0 && proposed.data === undefined;
  const states = [...(isFirst ? [] : [first]), ...running, holdsLease ? first : proposed];
  const made = await seed.call('POST', '/flow_runs/', {
    flow_id: flowId,
    deployment_id: deploymentId,
    parent_task_run_id: taskId,
    idempotency_key: randomUUID(),
    state: states[0],
  });
  const { id } = made as { id: string };
  for (const next of states.slice(1)) await seed.move(id, next);
  if (holdsLease) await moveWithLease(seed, id, proposed);
  await seed.call('PATCH', `/flow_runs/${id}`, {
    ...(wire.empirical_policy !== undefined && { empirical_policy: wire.empirical_policy }),
    ...(wire.infrastructure_pid !== undefined && { infrastructure_pid: wire.infrastructure_pid }),
  });
  if (taskId !== null && isWire(wire.parent_task))
    await seed.call('POST', `/task_runs/${taskId}/set_state`, {
      state: proposalOf(wire.parent_task.state as Wire),
      force: true,
    });
  return { id, taskId, parentId };
}

const leaseOf = ({ state }: ShownRun): string | null => {
  const details = isWire(state.state_details) ? state.state_details : {};
  return (details.deployment_concurrency_lease_id as string | null | undefined) ?? null;
};

async function makeDeployment(
  seed: PrefectSeed,
  flowId: string,
  wire: Wire,
): Promise<{ id: string; limitId: string | null }> {
  const hasLimit = wire.limit !== undefined;
  const id = await seed.deployment(flowId, {
    ...(hasLimit && { concurrency_limit: highLimit }),
    ...(wire.concurrency_options !== undefined && { concurrency_options: wire.concurrency_options }),
  });
  if (!hasLimit) return { id, limitId: null };
  const shown = await seed.call('GET', `/deployments/${id}`);
  return { id, limitId: (shown as { global_concurrency_limit: { id: string } }).global_concurrency_limit.id };
}

/**
 * Brings the deployments and runs of a case into a Prefect server by its API. Times of states and columns that follow them are
 * the server's own.
 */
export async function setUpCase(
  seed: PrefectSeed,
  flowId: string,
  recorded: TransitionCase,
  start: Instant,
): Promise<SetUpCase> {
  const { given } = recorded;
  const ids = new Map<string, string>();
  const limits = new Map<string, string>();
  const before = new Map<string, ShownRun>();
  const note = (name: string, id: Json | undefined) => typeof id === 'string' && ids.set(name, id);
  for (const [key, wire] of Object.entries(given.deployments ?? {})) {
    const { id, limitId } = await makeDeployment(seed, flowId, wire);
    note(`$deployment:${key}`, id);
    if (limitId !== null) limits.set(key, limitId);
  }
  for (const [key, wire] of Object.entries(given.runs)) {
    const deploymentId = ids.get(`$deployment:${String(wire.deployment)}`) ?? null;
    const made = await makeRun(seed, flowId, fill(wire, start, ids) as Wire, deploymentId);
    const shown = await readRun(seed, made.id);
    const lease = leaseOf(shown);
    if (lease !== null && wire.lease === 'gone')
      await seed.call('POST', '/v2/concurrency_limits/decrement-with-lease', { lease_id: lease });
    before.set(key, shown);
    note(`$run:${key}`, made.id);
    note(`$state:${key}`, shown.state.id);
    note(`$lease:${key}`, lease ?? undefined);
    note(`$task:${key}`, made.taskId ?? undefined);
    note(`$flow:${key}`, made.parentId ?? undefined);
    if (made.taskId === null) continue;
    const task = (await seed.call('GET', `/task_runs/${made.taskId}`)) as { state: Wire };
    note(`$taskstate:${key}`, task.state.id);
  }
  for (const [key, limitId] of limits) {
    const { limit, active_slots: activeSlots = 0 } = given.deployments?.[key] ?? {};
    await seed.call('PATCH', `/v2/concurrency_limits/${limitId}`, { limit, active_slots: activeSlots });
  }
  return { recorded, ids, start, before, limits };
}
