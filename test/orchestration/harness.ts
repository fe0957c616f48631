import type { BatchDecision, Decision } from '../../src/domain/decision';
import type { CallFacts, DeploymentFacts, FlowRunFacts, ParentTaskRunFacts } from '../../src/domain/facts';
import type { FlowRunPolicy } from '../../src/domain/flowRun';
import type { DeploymentId, FlowRunId, LeaseId, StateId, TaskRunId } from '../../src/domain/identifiers';
import { addSeconds, type Instant, parseInstant } from '../../src/domain/instant';
import {
  defaultStateName,
  ownAuthor,
  type State,
  type StateProposal,
  type StateType,
} from '../../src/domain/state';
import { decideBatch } from '../../src/orchestration/decideBatch';
import { policyFor } from '../../src/orchestration/policies';
import type { Policy } from '../../src/orchestration/rule';

/** The moment at which every test decides. */
export const now = parseInstant('2026-11-23T12:00:00.250125Z');

/** A number of seconds after that moment; before it if negative. */
export const at = (seconds: number): Instant => addSeconds(now, seconds);

/** The deployment of every run that has one, and ids that tests name. */
export const deploymentId = 'deployment' as DeploymentId;
const taskRunId = 'task run' as TaskRunId;
const parentFlowRunId = 'parent flow run' as FlowRunId;
export const flowRunId = (name: string): FlowRunId => name as FlowRunId;
export const leaseId = (name: string): LeaseId => name as LeaseId;

/** A state that was entered a minute ago. */
export const state = (type: StateType, more: Partial<State> = {}): State => ({
  id: 'current state' as StateId,
  type,
  name: defaultStateName(type),
  timestamp: at(-60),
  message: null,
  data: null,
  stateDetails: {},
  ...ownAuthor,
  ...more,
});

/** A state that holds a lease. */
export const leased = (type: StateType, lease = 'lease'): State =>
  state(type, { stateDetails: { deploymentConcurrencyLeaseId: leaseId(lease) } });

/** The policy of a run without one. */
export const freshPolicy: FlowRunPolicy = {
  retries: null,
  retryDelay: null,
  pauseKeys: [],
  resuming: false,
  retryType: null,
};

const columnsIn = (current: State | null) => ({
  stateId: current?.id ?? null,
  stateType: current?.type ?? null,
  stateName: current?.name ?? null,
  stateTimestamp: current?.timestamp ?? null,
  runCount: 0,
  startTime: null,
  endTime: null,
  expectedStartTime: null,
  nextScheduledStartTime: null,
  totalRunTime: 0,
});

type RunOptions = Partial<Omit<FlowRunFacts, 'policy' | 'state'>> & { policy?: Partial<FlowRunPolicy> };

/** A run in a state (or in a plain one of a type), without a deployment. */
export function run(current: State | StateType | null, { policy, ...more }: RunOptions = {}): FlowRunFacts {
  const held = typeof current === 'string' ? state(current) : current;
  return {
    ...columnsIn(held),
    id: flowRunId('run'),
    deploymentId: null,
    parentTaskRunId: null,
    infrastructurePid: null,
    state: held,
    parentTaskRun: null,
    laterTimestamps: [],
    parentLaterTimestamps: [],
    ...more,
    policy: { ...freshPolicy, ...policy },
  };
}

/** A run of the deployment. */
export const deployed = (current: State | StateType | null, more: RunOptions = {}): FlowRunFacts =>
  run(current, { deploymentId, ...more });

/** The task run that stands for a subflow in its parent. */
export const parentTaskRun = (
  current: State | StateType | null,
  more: Partial<ParentTaskRunFacts> = {},
): ParentTaskRunFacts => ({
  ...columnsIn(typeof current === 'string' ? state(current) : current),
  id: taskRunId,
  flowRunId: parentFlowRunId,
  ...more,
});

/** A run that is a subflow. */
export const subflow = (current: State | StateType | null, parent: ParentTaskRunFacts | null): FlowRunFacts =>
  run(current, { parentTaskRunId: taskRunId, parentTaskRun: parent });

/** What there is besides the runs. */
export interface World {
  /** Of the deployment; null: it does not exist. Without a word about it, it has no limit. */
  deployment?: Partial<DeploymentFacts> | null;
  /** The leases that keep a slot. */
  leases?: readonly string[];
  /** The leases that ended and had their slots freed. */
  revoked?: readonly string[];
  force?: boolean;
  /** The core policy, or with `force` the minimal one, where absent. */
  policy?: Policy;
  call?: Partial<CallFacts>;
  onError?: (id: FlowRunId, error: unknown) => void;
}

function fail(_id: FlowRunId, error: unknown): void {
  throw error;
}

/** Decides many runs; ids that are made are "new state 1", "new lease 1" and "new pause 1", and so on. */
export function decideAll(
  runs: readonly FlowRunFacts[],
  proposed: StateProposal,
  { deployment = {}, leases = [], revoked = [], force = false, policy, call, onError = fail }: World = {},
): BatchDecision {
  const made = { state: 0, lease: 0, pause: 0 };
  const unlimited: DeploymentFacts = {
    id: deploymentId,
    concurrencyLimit: null,
    collisionStrategy: 'ENQUEUE',
    gracePeriodSeconds: null,
    activeSlots: 0,
  };
  return decideBatch({
    runs,
    proposed,
    policy: policy ?? policyFor(force),
    concurrency: {
      deployments: new Map(deployment === null ? [] : [[deploymentId, { ...unlimited, ...deployment }]]),
      leases: new Map([
        ...leases.map(lease => [leaseId(lease), 'holding'] as const),
        ...revoked.map(lease => [leaseId(lease), 'revoked'] as const),
      ]),
    },
    call: {
      now,
      author: ownAuthor,
      callerRenewsLeases: false,
      defaultLeaseSeconds: 300,
      slotWaitSeconds: 30,
      newStateId: () => `new state ${++made.state}` as StateId,
      newLeaseId: () => leaseId(`new lease ${++made.lease}`),
      newPauseKey: () => `new pause ${++made.pause}`,
      ...call,
    },
    onError,
  });
}

/** What was decided about one run, what it did to slots and leases, and which rules spoke. */
interface Outcome extends Decision, Omit<BatchDecision, 'decisions'> {
  spoke: readonly string[];
}

/** Decides one run; a proposal may be a type alone. */
export function decide(one: FlowRunFacts, proposed: StateProposal | StateType, world: World = {}): Outcome {
  const proposal = typeof proposed === 'string' ? { type: proposed } : proposed;
  const { decisions, concurrency } = decideAll([one], proposal, world);
  const [decision] = decisions;
  if (decision === undefined) throw new Error('nothing was decided');
  return { ...decision, concurrency, spoke: decision.trace.map(({ rule }) => rule) };
}

/** Verdicts, as `toMatchObject` takes them. */
export const accepted = { verdict: { status: 'ACCEPT' } };
export const rejected = (code: string) => ({ verdict: { status: 'REJECT', code } });
export const aborted = (code: string) => ({ verdict: { status: 'ABORT', code }, transition: null });
/** Rejected, with nothing written. */
export const kept = (code: string) => ({ ...rejected(code), transition: null });
/** Rejected, with another state written. */
export const replaced = (code: string, type: StateType, name = defaultStateName(type)) => ({
  ...rejected(code),
  state: { type, name },
  transition: { columns: { stateType: type, stateName: name } },
});

/** Slots and leases that nothing happened to. */
export const untouched = {
  slots: new Map(),
  createdLeases: [],
  renewedLeases: new Map(),
  deletedLeases: [],
};
