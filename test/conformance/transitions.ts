import { In } from 'typeorm';
import type { Deployment, FlowRun, StateColumns, TaskRun } from '../../src/domain/flowRun';
import type {
  DeploymentId,
  FlowId,
  FlowRunId,
  LeaseId,
  StateId,
  TaskRunId,
} from '../../src/domain/identifiers';
import { addSeconds, type Instant } from '../../src/domain/instant';
import type { Json } from '../../src/domain/json';
import { defaultStateName, ownAuthor, type State, type StateType } from '../../src/domain/state';
import { insertRows } from '../../src/persistence/connection/hotInsertRows';
import {
  DeploymentEntity,
  FlowEntity,
  LeaseEntity,
  namedRowOf,
} from '../../src/persistence/entities/deployment';
import { FlowRunEntity, flowRunRowOf } from '../../src/persistence/entities/flowRun';
import {
  FlowRunStateEntity,
  flowRunStateColumnsOf,
  TaskRunStateEntity,
} from '../../src/persistence/entities/state';
import { TaskRunEntity } from '../../src/persistence/entities/taskRun';
import {
  findDeploymentsByIds,
  findFlowRunStatesByIds,
  findFlowRunsByIds,
  findTaskRunStatesByIds,
  findTaskRunsByIds,
} from '../../src/persistence/flowRuns/rowsById';
import { slicesOf } from '../../src/platform/slicesOf';
import type { Services } from '../../src/transitions/services';
import { ask } from './ask';
import { differences, fill, type Moments } from './moments';
import { isWire, toGraphQL, type Wire } from './wire';

/** One recorded call. */
export interface TransitionCase {
  id: string;
  given: { deployments?: Record<string, Wire>; runs: Record<string, Wire> };
  when: Wire;
  then: Wire;
}

const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snake = (key: string): string => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

function stateFrom(wire: Json | undefined, id: string): State | null {
  if (!isWire(wire)) return null;
  const type = wire.type as StateType;
  const details = Object.entries(isWire(wire.state_details) ? wire.state_details : {});
  return {
    id: id as StateId,
    type,
    name: (wire.name as string | undefined) ?? defaultStateName(type),
    timestamp: wire.timestamp as Instant,
    message: (wire.message as string | undefined) ?? null,
    data: wire.data ?? null,
    ...ownAuthor,
    stateDetails: Object.fromEntries(details.map(([key, value]) => [camel(key), value])),
  };
}

const columnsFrom = (wire: Wire, state: State | null): StateColumns => ({
  stateId: state?.id ?? null,
  stateType: state?.type ?? null,
  stateName: state?.name ?? null,
  stateTimestamp: state?.timestamp ?? null,
  runCount: Number(wire.run_count ?? 0),
  startTime: (wire.start_time ?? null) as Instant | null,
  endTime: (wire.end_time ?? null) as Instant | null,
  expectedStartTime: (wire.expected_start_time ?? null) as Instant | null,
  nextScheduledStartTime: (wire.next_scheduled_start_time ?? null) as Instant | null,
  totalRunTime: Number(wire.total_run_time ?? 0),
});

/** New ids for all that a case names; the ids of its runs fall, so that they are returned in order. */
function nameIds({ newId }: Services, { given }: TransitionCase): Map<string, string> {
  const ids = new Map<string, string>();
  const runs = Object.keys(given.runs);
  const falling = runs
    .map(() => newId())
    .sort()
    .reverse();
  for (const [position, key] of runs.entries()) {
    ids.set(`$run:${key}`, falling[position] ?? newId());
    for (const noun of ['flow', 'task', 'lease', 'state', 'taskstate']) ids.set(`$${noun}:${key}`, newId());
  }
  for (const key of Object.keys(given.deployments ?? {})) ids.set(`$deployment:${key}`, newId());
  return ids;
}

/** The rows of what a case is given. */
function rowsOf(
  services: Services,
  { given }: TransitionCase,
  ids: ReadonlyMap<string, string>,
  start: Instant,
) {
  const now = services.clock();
  const id = <Id extends string>(name: string) => ids.get(name) as Id;
  const flowId = services.newId() as FlowId;
  const dated = { created: now, updated: now };
  const deployments = Object.entries(given.deployments ?? {})
    .filter(([, wire]) => wire.missing !== true)
    .map(([key, wire]): Deployment => {
      const options = isWire(wire.concurrency_options) ? wire.concurrency_options : {};
      return {
        id: id<DeploymentId>(`$deployment:${key}`),
        flowId,
        name: key,
        concurrencyLimit: (wire.limit as number | undefined) ?? null,
        collisionStrategy:
          (options.collision_strategy as Deployment['collisionStrategy'] | undefined) ?? 'ENQUEUE',
        gracePeriodSeconds: (options.grace_period_seconds as number | undefined) ?? null,
        activeSlots: Number(wire.active_slots ?? 0),
        ...dated,
      };
    });
  const runs = Object.entries(given.runs).map(([key, recorded]) => {
    const wire = fill(recorded, start, ids) as Wire;
    const state = stateFrom(wire.state, id(`$state:${key}`));
    const policy = isWire(wire.empirical_policy) ? wire.empirical_policy : {};
    const isSubflow = isWire(wire.parent_task);
    const deploymentId =
      typeof wire.deployment === 'string' ? id<DeploymentId>(`$deployment:${wire.deployment}`) : null;
    const flowRun: FlowRun = {
      ...columnsFrom(wire, state),
      id: id<FlowRunId>(`$run:${key}`),
      name: key,
      flowId,
      deploymentId,
      workQueueName: null,
      flowVersion: null,
      tags: [],
      parameters: {},
      idempotencyKey: null,
      parentTaskRunId: isSubflow ? id<TaskRunId>(`$task:${key}`) : null,
      createdBy: null,
      infrastructurePid: (wire.infrastructure_pid as string | undefined) ?? null,
      policy: {
        retries: (policy.retries as number | undefined) ?? null,
        retryDelay: (policy.retry_delay as number | undefined) ?? null,
        pauseKeys: (policy.pause_keys as string[] | undefined) ?? [],
        resuming: policy.resuming === true,
        retryType: (policy.retry_type as FlowRun['policy']['retryType'] | undefined) ?? null,
      },
      ...dated,
    };
    const taskState = isWire(wire.parent_task)
      ? stateFrom(wire.parent_task.state, id(`$taskstate:${key}`))
      : null;
    const taskRun = isWire(wire.parent_task)
      ? {
          ...columnsFrom(wire.parent_task, taskState),
          id: id<TaskRunId>(`$task:${key}`),
          name: key,
          flowRunId: id<FlowRunId>(`$flow:${key}`),
          taskKey: null,
          dynamicKey: null,
          ...dated,
        }
      : null;
    const lease =
      wire.lease === 'live' && deploymentId !== null
        ? {
            id: id<LeaseId>(`$lease:${key}`),
            deploymentId,
            expiration: addSeconds(now, 300),
            revoked: null,
            created: now,
          }
        : null;
    return { flowRun, state, taskRun, taskState, lease };
  });
  return { flow: { id: flowId, name: flowId, nameLowered: null, ...dated }, deployments, runs };
}

async function putIn({ database }: Services, rows: readonly ReturnType<typeof rowsOf>[]): Promise<void> {
  const runs = rows.flatMap(of => of.runs);
  await database.transaction(async runner => {
    await insertRows(
      runner,
      FlowEntity,
      rows.map(({ flow }) => flow),
    );
    await insertRows(
      runner,
      DeploymentEntity,
      rows.flatMap(({ deployments }) => deployments.map(namedRowOf)),
    );
    await insertRows(
      runner,
      FlowRunEntity,
      runs.map(({ flowRun }) => flowRunRowOf(flowRun)),
    );
    await insertRows(
      runner,
      FlowRunStateEntity,
      runs.flatMap(({ flowRun, state }) =>
        state ? [{ ...state, ...flowRunStateColumnsOf(state, flowRun.id) }] : [],
      ),
    );
    await insertRows(
      runner,
      TaskRunEntity,
      runs.flatMap(({ taskRun }) => taskRun ?? []),
    );
    await insertRows(
      runner,
      TaskRunStateEntity,
      runs.flatMap(({ taskRun, taskState }) =>
        taskRun && taskState ? [{ ...taskState, taskRunId: taskRun.id }] : [],
      ),
    );
    await insertRows(
      runner,
      LeaseEntity,
      runs.flatMap(({ lease }) => lease ?? []),
    );
  });
}

/** A state as the cases write it: keys that are null or false are left out. */
function stateOnWire(state: State | null): Json {
  if (state === null) return null;
  const details = Object.entries(state.stateDetails).filter(
    ([, value]) => value !== null && value !== undefined && value !== false,
  );
  return {
    id: state.id,
    type: state.type,
    name: state.name,
    timestamp: state.timestamp,
    ...(state.message !== null && { message: state.message }),
    ...(state.data !== null && { data: state.data }),
    ...(details.length > 0 && {
      state_details: Object.fromEntries(details.map(([key, value]) => [snake(key), value])),
    }),
  };
}

const columnsOnWire = (columns: StateColumns): Wire => ({
  start_time: columns.startTime,
  end_time: columns.endTime,
  expected_start_time: columns.expectedStartTime,
  next_scheduled_start_time: columns.nextScheduledStartTime,
  run_count: columns.runCount,
  total_run_time: columns.totalRunTime,
});

/** What is in the database of some cases, by id. */
interface Found {
  flowRuns: Map<string, FlowRun>;
  taskRuns: Map<string, TaskRun>;
  deployments: Map<string, Deployment>;
  /** States of flow runs and of task runs. */
  states: Map<string, State>;
  /** How many states each flow run has. */
  written: Map<string, number>;
  leases: { id: string; deploymentId: string }[];
}

const byId = <Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map(row => [row.id, row]));
const present = <Value>(values: readonly (Value | null)[]): Value[] => values.filter(value => value !== null);

/** Reads what some cases have in the database, with the same number of statements for any number of them. */
async function read({ database: { primary } }: Services, played: readonly Given[]): Promise<Found> {
  const idsOf = <Id extends string>(noun: string) =>
    played.flatMap(({ ids }) =>
      [...ids].filter(([name]) => name.startsWith(`$${noun}:`)).map(([, id]) => id as Id),
    );
  const flowRunIds = idsOf<FlowRunId>('run');
  const flowRuns = await findFlowRunsByIds(primary, flowRunIds);
  const taskRuns = await findTaskRunsByIds(primary, idsOf<TaskRunId>('task'));
  const statesOf = (owners: readonly StateColumns[]) => present(owners.map(({ stateId }) => stateId));
  const deploymentIds = idsOf<DeploymentId>('deployment');
  const written = new Map<string, number>();
  const stateRows = await primary
    .getRepository(FlowRunStateEntity)
    .find({ select: { id: true, flowRunId: true }, where: { flowRunId: In(flowRunIds) } });
  for (const { flowRunId } of stateRows) written.set(flowRunId, (written.get(flowRunId) ?? 0) + 1);
  return {
    flowRuns: byId(flowRuns),
    taskRuns: byId(taskRuns),
    deployments: byId(await findDeploymentsByIds(primary, deploymentIds)),
    states: byId([
      ...(await findFlowRunStatesByIds(primary, statesOf(flowRuns))),
      ...(await findTaskRunStatesByIds(primary, statesOf(taskRuns))),
    ]),
    written,
    leases: await primary.getRepository(LeaseEntity).findBy({ deploymentId: In(deploymentIds) }),
  };
}

const stateOf = ({ states }: Found, { stateId }: StateColumns): Json =>
  stateOnWire((stateId === null ? null : states.get(stateId)) ?? null);

function runOnWire(found: Found, id: string, hadState: boolean): Json {
  const run = found.flowRuns.get(id);
  if (!run) return null;
  const { pauseKeys, resuming, retryType } = run.policy;
  return {
    state: stateOf(found, run),
    ...columnsOnWire(run),
    empirical_policy: { pause_keys: pauseKeys, resuming, retry_type: retryType },
    states_written: (found.written.get(id) ?? 0) - (hadState ? 1 : 0),
    ...(run.parentTaskRunId !== null && { parent_task: taskRunOnWire(found, run.parentTaskRunId) }),
  };
}

function taskRunOnWire(found: Found, id: string): Json {
  const taskRun = found.taskRuns.get(id);
  return taskRun ? { state: stateOf(found, taskRun), ...columnsOnWire(taskRun) } : null;
}

const details = `flowRunId taskRunId childFlowRunId scheduledTime cacheKey cacheExpiration deferred untrackableResult pauseTimeout
  pauseReschedule pauseKey runInputKeyset refreshCache retriable transitionId taskParametersId traceparent deploymentConcurrencyLeaseId`;

const bulkSetFlowRunState = `mutation ($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) {
    results {
      flowRunId
      status
      details { ... on StateDeclinedDetails { code } ... on StateWaitDetails { delaySeconds } }
      state { id type name timestamp message data stateDetails { ${details} } }
    }
  }
}`;

/** What a call returned of one run. */
interface Result {
  flowRunId: string;
  status: string;
  details: { code?: string; delaySeconds?: number };
  state: State | null;
}

/** A result as the cases write it. */
export const resultOnWire = ({
  flowRunId,
  status,
  details: { code, delaySeconds },
  state,
}: Result): Json => ({
  flow_run_id: flowRunId,
  status,
  ...(code !== undefined && { code }),
  ...(delaySeconds !== undefined && { delay_seconds: delaySeconds }),
  ...(code !== 'FLOW_RUN_NOT_FOUND' && { state: stateOnWire(state) }),
});

/** Pairs what has no order of its own with what was expected of it: made ids last, known ones by name. */
function inExpectedOrder(
  expected: Json | undefined,
  actual: readonly string[],
  ids: ReadonlyMap<string, string>,
): string[] {
  const names = Array.isArray(expected) ? (expected as string[]) : [];
  const known = names
    .map(name => ids.get(name))
    .filter(id => id !== undefined && actual.includes(id)) as string[];
  const others = actual.filter(id => !known.includes(id));
  return names
    .map(name => (ids.has(name) ? (known.shift() ?? 'missing') : (others.shift() ?? 'missing')))
    .concat(others, known);
}

/** What is expected of the deployments of a case: one that its outcome does not mention stays as it was given. */
function deploymentsAfter({ given, then }: TransitionCase): Wire {
  const unmentioned = Object.entries(given.deployments ?? {})
    .filter(([, wire]) => wire.missing !== true)
    .map(([key, wire]): [string, Json] => {
      const leases = Object.entries(given.runs)
        .filter(([, run]) => run.deployment === key && run.lease === 'live')
        .map(([run]) => `$lease:${run}`);
      return [key, { active_slots: wire.active_slots ?? 0, leases }];
    });
  return { ...Object.fromEntries(unmentioned), ...(isWire(then.deployments) ? then.deployments : {}) };
}

/** A case whose runs are there. */
export interface Given {
  recorded: TransitionCase;
  ids: ReadonlyMap<string, string>;
  start: Instant;
}

async function give(services: Services, cases: readonly TransitionCase[]): Promise<Given[]> {
  const given = cases.map(recorded => ({
    recorded,
    ids: nameIds(services, recorded),
    start: services.clock(),
  }));
  await putIn(
    services,
    given.map(({ recorded, ids, start }) => rowsOf(services, recorded, ids, start)),
  );
  return given;
}

/** A case whose call has returned. */
export interface Called extends Given {
  results: Result[];
  moments: Moments;
}

/** Makes the call of a case. */
export async function call(services: Services, given: Given): Promise<Called> {
  const { recorded, ids, start } = given;
  const { state, force, client_version: version } = recorded.when;
  const runIds = Object.keys(recorded.given.runs).map(key => ids.get(`$run:${key}`) ?? '');
  const proposed = fill(state ?? null, start, ids) as Wire;
  const { data, state_details: proposedDetails, ...others } = proposed;
  const keyset = isWire(proposedDetails) ? proposedDetails.run_input_keyset : undefined;
  // The mapping of keys is for the API's own names: what users bring (data, a keyset) stays as it is.
  const stateInput = {
    ...(toGraphQL(others) as object),
    ...(data !== undefined && { data }),
    ...(isWire(proposedDetails) && {
      stateDetails: {
        ...(toGraphQL(proposedDetails) as object),
        ...(keyset !== undefined && { runInputKeyset: keyset }),
      },
    }),
  };
  const input = { state: stateInput, force: force === true, flowRuns: { id: { any: runIds } } };
  const before = services.clock();
  const answer = await ask<{ bulkSetFlowRunState: { results: Result[] } }>(
    services,
    bulkSetFlowRunState,
    { input },
    typeof version === 'string' ? `prefect/${version} (API 0.8.4)` : null,
  );
  const moments = { start, before, after: services.clock() };
  return { ...given, results: answer.bulkSetFlowRunState.results, moments };
}

function differencesOf({ recorded, ids, results, moments }: Called, found: Found): string[] {
  const expectedDeployments = deploymentsAfter(recorded);
  const runs = Object.entries(recorded.given.runs).map(([key, wire]): [string, Json] => [
    key,
    runOnWire(found, ids.get(`$run:${key}`) ?? '', isWire(wire.state)),
  ]);
  const deployments = Object.entries(expectedDeployments).map(([key, expected]): [string, Json] => {
    const id = ids.get(`$deployment:${key}`) ?? '';
    const leases = found.leases.filter(({ deploymentId }) => deploymentId === id).map(lease => lease.id);
    return [
      key,
      {
        active_slots: found.deployments.get(id)?.activeSlots ?? null,
        leases: inExpectedOrder(isWire(expected) ? expected.leases : undefined, leases, ids),
      },
    ];
  });
  const actual = {
    results: results.map(resultOnWire),
    runs: Object.fromEntries(runs),
    deployments: Object.fromEntries(deployments),
  };
  const expected = { ...recorded.then, deployments: expectedDeployments };
  return differences('then', withSortedKeys(expected), withSortedKeys(actual), moments, ids);
}

/**
 * Runs some cases, which have runs and deployments of their own each; returns where each one's outcome differs, or nothing.
 * They are put in together and read back together; each is one call.
 *
 * @param atOnce how many calls may run at the same time.
 */
export async function playTransitions(
  services: Services,
  cases: readonly TransitionCase[],
  atOnce: number,
): Promise<string[][]> {
  const given = await give(services, cases);
  const called: (Called | Error)[] = [];
  for (const some of slicesOf(given, atOnce))
    called.push(...(await Promise.all(some.map(one => call(services, one).catch(asError)))));
  const found = await read(services, given);
  return called.map(one => (one instanceof Error ? [one.message] : differencesOf(one, found)));
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Pause keys are a set: both sides are compared with made keys (`$new`, unknown) last. */
export function withSortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isWire(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'pause_keys' && Array.isArray(inner)
        ? [...(inner as string[])].sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
        : withSortedKeys(inner),
    ]),
  );
}

const rank = (key: string): number => (key === '$new' || key.length === 36 ? 1 : 0);
