import type { FlowRunId } from '../../../src/domain/identifiers';
import type { Json } from '../../../src/domain/json';
import type { Services } from '../../../src/transitions/services';
import type { PrefectSeed } from '../../harness/prefectSeed';
import { differences } from '../moments';
import { call, resultOnWire, type TransitionCase, withSortedKeys } from '../transitions';
import { isWire, type Wire } from '../wire';
import { comparableState } from './comparable';
import { readRun, type SetUpCase, setUpCase } from './setUpCase';

/** A gateway that is attached to a Prefect server, and what fills that server. */
export interface AttachedWorld {
  services: Services;
  seed: PrefectSeed;
  flowId: string;
}

/** What is compared of a case, on one side. */
interface Compared {
  results: Record<string, Json>;
  runs: Record<string, Json>;
  slots: Record<string, Json>;
}

const policyOf = (policy: Json | undefined): Json => {
  const {
    pause_keys: keys = [],
    resuming = false,
    retry_type: retryType = null,
  } = isWire(policy) ? policy : {};
  return { pause_keys: keys ?? [], resuming: resuming ?? false, retry_type: retryType };
};

const hasTransitionId = ({ when }: TransitionCase): boolean =>
  isWire(when.state) && isWire(when.state.state_details) && 'transition_id' in when.state.state_details;

/** By how much a call is to change a run, as the case says. */
function expectedOf(recorded: TransitionCase): Compared {
  const { given, then } = recorded;
  const state = (of: Json | undefined) =>
    comparableState(
      of,
      id => typeof id === 'string' && /^\$(task)?state:/.test(id),
      hasTransitionId(recorded),
    );
  const results = (then.results as Wire[]).map(
    ({ flow_run_id: id, state: shown, ...verdict }): [string, Json] => [
      String(id).replace('$run:', ''),
      { ...verdict, state: state(shown) },
    ],
  );
  const runs = Object.entries(then.runs as Record<string, Wire>).map(([key, run]): [string, Json] => [
    key,
    {
      state: state(run.state),
      states_written: run.states_written ?? 0,
      // Only after a new state: in the cases a given one does not always agree with this column.
      ...(Number(run.states_written ?? 0) > 0 && { is_scheduled: run.next_scheduled_start_time !== null }),
      runs_counted: Number(run.run_count ?? 0) - Number(given.runs[key]?.run_count ?? 0),
      empirical_policy: policyOf(run.empirical_policy),
      ...(isWire(run.parent_task) && { parent_task: state(run.parent_task.state) }),
    },
  ]);
  const after = isWire(then.deployments) ? then.deployments : {};
  const slots = Object.entries(given.deployments ?? {})
    .filter(([, { limit }]) => limit !== undefined)
    .map(([key, { active_slots: before = 0 }]): [string, Json] => {
      const mentioned = after[key];
      return [key, isWire(mentioned) ? (mentioned.active_slots ?? 0) : before];
    });
  return {
    results: Object.fromEntries(results),
    runs: Object.fromEntries(runs),
    slots: Object.fromEntries(slots),
  };
}

async function readSlots(seed: PrefectSeed, limitId: string): Promise<number> {
  const limit = await seed.call('GET', `/v2/concurrency_limits/${limitId}`);
  return (limit as { active_slots: number }).active_slots;
}

/** What the gateway returned, and what the server shows of the runs and deployments after it. */
async function actualOf(
  { seed }: AttachedWorld,
  { recorded, ids, before, limits }: SetUpCase,
  written: ReadonlyMap<string, number>,
  results: readonly Wire[],
): Promise<Compared> {
  const known = new Set(
    [...ids]
      .filter(([name]) => name.startsWith('$state:') || name.startsWith('$taskstate:'))
      .map(([, id]) => id),
  );
  const state = (of: Json | undefined) =>
    comparableState(of, id => typeof id === 'string' && known.has(id), hasTransitionId(recorded));
  const keyOf = new Map(Object.keys(recorded.given.runs).map(key => [ids.get(`$run:${key}`), key]));
  const compared: Compared = { results: {}, runs: {}, slots: {} };
  for (const { flow_run_id: id, state: shown, ...verdict } of results)
    compared.results[keyOf.get(String(id)) ?? String(id)] = { ...verdict, state: state(shown) };
  for (const [key, earlier] of before) {
    const run = await readRun(seed, earlier.id);
    const taskId = ids.get(`$task:${key}`);
    const task = taskId === undefined ? null : ((await seed.call('GET', `/task_runs/${taskId}`)) as Wire);
    const statesWritten = (await countStates(seed, earlier.id)) - (written.get(key) ?? 0);
    compared.runs[key] = {
      state: state(run.state),
      states_written: statesWritten,
      ...(statesWritten > 0 && { is_scheduled: run.next_scheduled_start_time !== null }),
      runs_counted: run.run_count - earlier.run_count,
      empirical_policy: policyOf(run.empirical_policy),
      ...(task !== null && { parent_task: state(task.state) }),
    };
  }
  for (const [key, limitId] of limits) compared.slots[key] = await readSlots(seed, limitId);
  return compared;
}

const countStates = async (seed: PrefectSeed, id: string): Promise<number> =>
  ((await seed.call('GET', `/flow_run_states/?flow_run_id=${id}`)) as unknown[]).length;

/**
 * Sets a case up in the Prefect server, makes its call through the attached gateway, and returns where verdicts, codes, states and
 * what follows them differ from what was recorded.
 */
export async function playAttached(world: AttachedWorld, recorded: TransitionCase): Promise<string[]> {
  const { services, seed, flowId } = world;
  const set = await setUpCase(seed, flowId, recorded, services.clock());
  const written = new Map<string, number>();
  for (const [key, { id }] of set.before) written.set(key, await countStates(seed, id));
  await services.executor.refresh(services, async () =>
    [...set.before.values()].map(({ id }) => id as FlowRunId),
  );
  const { results, moments } = await call(services, set);
  const actual = await actualOf(world, set, written, results.map(resultOnWire) as Wire[]);
  const expected = expectedOf(recorded);
  return differences(
    'then',
    withSortedKeys(expected as unknown as Json),
    withSortedKeys(actual as unknown as Json),
    moments,
    set.ids,
  );
}
