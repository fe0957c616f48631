import { isDeepStrictEqual } from 'node:util';
import { renewsLeases } from '../../src/authentication/userAgent';
import type { DeploymentFacts, FlowRunFacts, ParentTaskRunFacts } from '../../src/domain/facts';
import type { FlowRunPolicy } from '../../src/domain/flowRun';
import type { DeploymentId, FlowRunId, LeaseId, StateId, TaskRunId } from '../../src/domain/identifiers';
import {
  addMicroseconds,
  addSeconds,
  type Instant,
  parseInstant,
  secondsBetween,
} from '../../src/domain/instant';
import type { Json } from '../../src/domain/json';
import { defaultStateName, ownAuthor, type State, type StateType } from '../../src/domain/state';
import type { StateDetails } from '../../src/domain/stateDetails';
import { decideBatch } from '../../src/orchestration/decideBatch';
import { policyFor } from '../../src/orchestration/policies';
import recorded from '../conformance/transitions.json';

type Wire = { readonly [key: string]: Json };
const start = parseInstant('2026-11-23T12:00:00.250125Z');

const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const snake = (key: string): string => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** A value of a case, as the rules take it: `$t` and `$now` are instants, `$run:r1` is an id as it stands. */
function read(value: Json): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (typeof value !== 'object' || value === null) return value;
  const wire = value as Wire;
  if ('$t' in wire) return addMicroseconds(addSeconds(start, Number(wire.$t)), Number(wire.plus_us ?? 0));
  if ('$now' in wire) return addSeconds(start, Number(wire.$now));
  if ('$elapsed' in wire) {
    const { since, plus } = wire.$elapsed as { since: number; plus: number };
    return secondsBetween(addSeconds(start, since), start) + plus;
  }
  return Object.fromEntries(Object.entries(wire).map(([key, inner]) => [key, read(inner)]));
}

const readDetails = (wire: Wire | undefined): StateDetails =>
  Object.fromEntries(Object.entries(wire ?? {}).map(([key, value]) => [camel(key), read(value)]));

function readState(wire: Wire | null | undefined, id: string): State | null {
  if (!wire) return null;
  const type = wire.type as StateType;
  return {
    id: id as StateId,
    type,
    name: (wire.name as string | undefined) ?? defaultStateName(type),
    timestamp: read(wire.timestamp as Json) as Instant,
    message: (wire.message as string | undefined) ?? null,
    data: wire.data ?? null,
    stateDetails: readDetails(wire.state_details as Wire | undefined),
    ...ownAuthor,
  };
}

const columnsOf = (wire: Wire, state: State | null) => ({
  stateId: state?.id ?? null,
  stateType: state?.type ?? null,
  stateName: state?.name ?? null,
  stateTimestamp: state?.timestamp ?? null,
  runCount: Number(wire.run_count ?? 0),
  startTime: (read(wire.start_time ?? null) ?? null) as Instant | null,
  endTime: (read(wire.end_time ?? null) ?? null) as Instant | null,
  expectedStartTime: (read(wire.expected_start_time ?? null) ?? null) as Instant | null,
  nextScheduledStartTime: (read(wire.next_scheduled_start_time ?? null) ?? null) as Instant | null,
  totalRunTime: Number(wire.total_run_time ?? 0),
});

const policyOf = (wire: Wire | undefined): FlowRunPolicy => ({
  retries: (wire?.retries as number | undefined) ?? null,
  retryDelay: (wire?.retry_delay as number | undefined) ?? null,
  pauseKeys: [...((wire?.pause_keys as string[] | undefined) ?? [])].sort(),
  resuming: wire?.resuming === true,
  retryType: (wire?.retry_type as FlowRunPolicy['retryType'] | undefined) ?? null,
});

function readParent(wire: Wire | undefined, key: string): ParentTaskRunFacts | null {
  if (!wire) return null;
  const state = readState(wire.state as Wire | null, `$taskstate:${key}`);
  return {
    ...columnsOf(wire, state),
    id: `$task:${key}` as TaskRunId,
    flowRunId: `$flow:${key}` as FlowRunId,
  };
}

function readRun([key, wire]: [string, Wire]): FlowRunFacts {
  const state = readState(wire.state as Wire | null, `$state:${key}`);
  const parentTaskRun = readParent(wire.parent_task as Wire | undefined, key);
  return {
    ...columnsOf(wire, state),
    id: `$run:${key}` as FlowRunId,
    deploymentId:
      wire.deployment === undefined ? null : (`$deployment:${String(wire.deployment)}` as DeploymentId),
    parentTaskRunId: parentTaskRun?.id ?? null,
    infrastructurePid: (wire.infrastructure_pid as string | undefined) ?? null,
    policy: policyOf(wire.empirical_policy as Wire | undefined),
    state,
    parentTaskRun,
    laterTimestamps: [],
    parentLaterTimestamps: [],
  };
}

function readDeployments(wire: Wire | undefined): Map<DeploymentId, DeploymentFacts> {
  const entries = Object.entries((wire ?? {}) as Record<string, Wire>).filter(
    ([, deployment]) => !deployment.missing,
  );
  return new Map(
    entries.map(([key, deployment]) => {
      const id = `$deployment:${key}` as DeploymentId;
      const options = (deployment.concurrency_options ?? {}) as Wire;
      return [
        id,
        {
          id,
          concurrencyLimit: (deployment.limit as number | undefined) ?? null,
          collisionStrategy: (options.collision_strategy as 'ENQUEUE' | undefined) ?? 'ENQUEUE',
          gracePeriodSeconds: (options.grace_period_seconds as number | undefined) ?? null,
          activeSlots: Number(deployment.active_slots ?? 0),
        },
      ];
    }),
  );
}

/** A value as a case writes it: ids that were made are `$new`, null and false keys are left out. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value === 'string' && value.startsWith('new ')) return '$new';
  return value;
}

function writtenState(state: State | null): unknown {
  if (state === null) return null;
  const details = Object.entries(state.stateDetails)
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([key, value]) => [snake(key), written(value)]);
  return {
    id: written(state.id),
    type: state.type,
    name: state.name,
    timestamp: state.timestamp,
    ...(state.message !== null && { message: state.message }),
    ...(state.data !== null && { data: state.data }),
    ...(details.length > 0 && { state_details: Object.fromEntries(details) }),
  };
}

function readExpected(value: Json): unknown {
  return read(value);
}

/** Compares both ways; `$any` in the expectation matches any text, `$new` any made id. */
function differences(path: string, expected: unknown, actual: unknown): string[] {
  if (expected === '$any' && typeof actual === 'string') return [];
  if (typeof expected === 'number' && typeof actual === 'number' && Math.abs(expected - actual) < 1e-6)
    return [];
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap(key =>
      differences(
        `${path}.${key}`,
        (expected as Record<string, unknown>)[key],
        (actual as Record<string, unknown>)[key],
      ),
    );
  }
  return isDeepStrictEqual(expected, actual)
    ? []
    : [`${path}: ${JSON.stringify(expected)} but ${JSON.stringify(actual)}`];
}

interface Case {
  id: string;
  given: Wire;
  when: Wire;
  then: Wire;
}

function play({ given, when }: Case): unknown {
  const runs = Object.entries(given.runs as Record<string, Wire>).map(readRun);
  const deployments = readDeployments(given.deployments as Wire | undefined);
  const live = Object.entries(given.runs as Record<string, Wire>).filter(([, run]) => run.lease === 'live');
  const leases = new Map(live.map(([key]) => [`$lease:${key}` as LeaseId, 'holding' as const]));
  let made = 0;
  const newId = <Id extends string>() => `new ${made++}` as Id;
  const proposed = when.state as Wire;
  const batch = decideBatch({
    runs,
    proposed: {
      type: proposed.type as StateType,
      name: proposed.name as string | undefined,
      message: proposed.message as string | undefined,
      data: proposed.data,
      stateDetails: readDetails(proposed.state_details as Wire | undefined),
    },
    policy: policyFor(when.force === true),
    concurrency: { deployments, leases },
    call: {
      now: start,
      author: ownAuthor,
      callerRenewsLeases: renewsLeases(
        when.client_version ? `prefect/${String(when.client_version)} (API 0.8.4)` : null,
      ),
      defaultLeaseSeconds: 300,
      slotWaitSeconds: 30,
      newStateId: newId<StateId>,
      newLeaseId: newId<LeaseId>,
      newPauseKey: newId,
    },
    onError: (_id, error) => {
      throw error;
    },
  });
  const { slots, createdLeases, deletedLeases } = batch.concurrency;
  const results = batch.decisions.map(({ flowRunId, verdict, state }) => ({
    flow_run_id: flowRunId,
    status: verdict.status,
    ...(verdict.status !== 'ACCEPT' && { code: verdict.code }),
    ...(verdict.status === 'WAIT' && { delay_seconds: verdict.delaySeconds }),
    state: writtenState(state),
  }));
  const after = Object.fromEntries(
    batch.decisions.map(({ flowRunId, transition, policy }, index) => {
      const run = runs[index] as FlowRunFacts;
      const columns = transition?.columns ?? run;
      const { pauseKeys, resuming, retryType } = policy ?? run.policy;
      const parent = transition?.parentTaskRun;
      const task = run.parentTaskRun;
      const wireColumns = (from: Omit<ParentTaskRunFacts, 'id' | 'flowRunId'>) => ({
        start_time: from.startTime,
        end_time: from.endTime,
        expected_start_time: from.expectedStartTime,
        next_scheduled_start_time: from.nextScheduledStartTime,
        run_count: from.runCount,
        total_run_time: from.totalRunTime,
      });
      const key = flowRunId.slice('$run:'.length);
      const givenRun = (given.runs as Record<string, Wire>)[key];
      return [
        key,
        {
          state: writtenState(transition?.state ?? run.state),
          ...wireColumns(columns),
          empirical_policy: {
            pause_keys: pauseKeys.map(key => String(written(key))).sort(),
            resuming,
            retry_type: retryType,
          },
          states_written: transition === null ? 0 : 1,
          ...(task && {
            parent_task: {
              state: writtenState(
                parent?.state ??
                  readState((givenRun?.parent_task as Wire | undefined)?.state as Wire, `$taskstate:${key}`),
              ),
              ...wireColumns(parent?.columns ?? task),
            },
          }),
        },
      ];
    }),
  );
  const deploymentsAfter = [...deployments.values()].map(({ id, activeSlots, concurrencyLimit }) => {
    const ofDeployment = runs
      .filter(run => run.deploymentId === id)
      .map(run => run.id.replace('$run', '$lease') as LeaseId);
    const left = [...leases.keys()].filter(
      lease => ofDeployment.includes(lease) && !deletedLeases.includes(lease),
    );
    const fresh = createdLeases.filter(lease => lease.deploymentId === id).map(() => '$new');
    return concurrencyLimit === null
      ? []
      : [
          [
            id.slice('$deployment:'.length),
            { active_slots: activeSlots + (slots.get(id) ?? 0), leases: [...left, ...fresh].sort() },
          ],
        ];
  });
  const shown = deploymentsAfter.flat();
  return { results, runs: after, ...(shown.length > 0 && { deployments: Object.fromEntries(shown) }) };
}

const cases = (recorded as unknown as { cases: Case[] }).cases;

test('all recorded cases are present', () => {
  expect(cases).toHaveLength(1703);
});

describe('the rules decide as the reference did', () => {
  const groups = new Map<string, Case[]>();
  for (const recordedCase of cases) {
    const group = recordedCase.id.replace(/-\d+$/, '');
    groups.set(group, [...(groups.get(group) ?? []), recordedCase]);
  }
  test.each([...groups])('%s', (_group, inGroup) => {
    const failures = inGroup.flatMap(recordedCase => {
      const expected = readExpected(recordedCase.then) as {
        deployments?: Record<string, { leases: string[] }>;
      };
      for (const deployment of Object.values(expected.deployments ?? {})) deployment.leases.sort();
      const differing = differences('then', expected, play(recordedCase));
      return differing.length === 0 ? [] : [`${recordedCase.id}: ${differing.slice(0, 4).join('; ')}`];
    });
    expect(failures).toEqual([]);
  });
});
