import type { BatchDecision } from '../domain/decision';
import type { ConcurrencyFacts, FlowRunFacts } from '../domain/facts';
import type { FlowRunId, LeaseId, StateId } from '../domain/identifiers';
import type { Instant } from '../domain/instant';
import type { LockMode } from '../persistence/connection/dialect';
import type { SqlExecutor } from '../persistence/connection/statements';
import type { FlowRunCondition } from '../persistence/filter/applyFlowRunFilter';
import {
  findDeploymentFacts,
  findLaterTimestamps,
  findLeaseStandings,
  findTaskRunFacts,
} from '../persistence/flowRuns/facts';
import {
  type FlowRunSelection,
  type FoundFlowRun,
  type FoundFlowRuns,
  findFlowRunFacts,
} from '../persistence/flowRuns/hotLockedFlowRunFacts';
import { distinct } from '../platform/distinct';
import type { DecisionStrategy } from './decisionStrategy';
import type { Services } from './services';

/** The runs to decide together, and how. */
export interface DecisionRequest extends DecisionStrategy {
  /**
   * The runs in the order of decision: each sees the slots after the previous one. Runs that the filter selects are
   * decided newest first.
   */
  runs: FlowRunSelection;
  /** Runs that are loaded and locked with them, and not decided. */
  alsoLock?: readonly FlowRunId[];
  /** What each run must match, now that it is locked; null: it may be any run. */
  filter: FlowRunCondition;
  /** Whether a run, as it is found, is decided at all. */
  isEligible(run: FoundFlowRun, found: FoundFlowRuns): boolean;
}

/** What was decided, and what it was decided on. */
export interface DecidedBatch {
  /** The runs that it was about, in the order in which they were asked for or, of the newest, newest first. */
  ids: readonly FlowRunId[];
  batch: BatchDecision;
  /** The runs that exist, eligible or not. */
  found: FoundFlowRuns;
  /** The facts about those that were decided. */
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>;
  now: Instant;
}

async function loadConcurrency(
  { database }: Services,
  connection: SqlExecutor,
  request: DecisionRequest,
  runs: readonly FlowRunFacts[],
  lock: LockMode,
): Promise<ConcurrencyFacts> {
  const concerned = runs.filter(run => run.deploymentId !== null && request.needsConcurrency(run));
  const deploymentIds = distinct(concerned.map(run => run.deploymentId));
  const leaseIds = distinct([
    request.leaseId,
    ...concerned.map(run => run.state?.stateDetails.deploymentConcurrencyLeaseId),
  ]);
  const deployments = await findDeploymentFacts(database, connection, deploymentIds, lock);
  return {
    deployments,
    leases: await findLeaseStandings(database, connection, concerned.length === 0 ? [] : leaseIds, lock),
  };
}

/** Adds what only some runs need: their parent task runs, and the timestamps that theirs must not meet. */
async function completeFacts(
  { database }: Services,
  connection: SqlExecutor,
  runs: readonly FlowRunFacts[],
  now: Instant,
  lock: LockMode,
  attempt: number,
): Promise<readonly FlowRunFacts[]> {
  const taskRunIds = distinct(runs.map(run => run.parentTaskRunId));
  const taskRuns = await findTaskRunFacts(database, connection, taskRunIds, lock);
  // A state is nearly always newer than the one before it. Where one is not, or where two met in spite of that
  // and the batch is tried again, all that could meet are looked up.
  const mayMeet = (timestamp: Instant | null) => attempt > 0 || (timestamp !== null && timestamp >= now);
  const meeting = runs.filter(run => mayMeet(run.stateTimestamp)).map(run => run.id);
  const later = await findLaterTimestamps(connection, 'flow_run', meeting, now);
  const meetingTaskRuns = [...taskRuns.values()]
    .filter(taskRun => mayMeet(taskRun.stateTimestamp))
    .map(({ id }) => id);
  const laterOfTaskRuns = await findLaterTimestamps(connection, 'task_run', meetingTaskRuns, now);
  if (taskRuns.size === 0 && later.size === 0) return runs;
  return runs.map(run => ({
    ...run,
    parentTaskRun: (run.parentTaskRunId && taskRuns.get(run.parentTaskRunId)) ?? null,
    laterTimestamps: later.get(run.id) ?? [],
    parentLaterTimestamps: (run.parentTaskRunId && laterOfTaskRuns.get(run.parentTaskRunId)) || [],
  }));
}

const runsToLock = ({ runs, alsoLock }: DecisionRequest): FlowRunSelection =>
  alsoLock && !('newest' in runs) ? distinct([...runs, ...alsoLock]) : runs;

/**
 * Loads the facts of all runs of a batch in a fixed number of statements, and decides in memory. Writes nothing.
 *
 * Rows are locked in the order of all transactions: flow runs in ascending order of their ids, with their states, task runs,
 * deployments, leases. A worker locks its batch before all these, and the row of the operation after them. Another order
 * causes deadlocks.
 */
export async function decideFlowRuns(
  services: Services,
  connection: SqlExecutor,
  request: DecisionRequest,
  lock: LockMode,
  attempt: number,
): Promise<DecidedBatch> {
  const { database, clock, newId } = services;
  const found = await findFlowRunFacts(database, connection, runsToLock(request), request.filter, lock);
  const now = clock();
  const ids = 'newest' in request.runs ? [...found.keys()].reverse() : request.runs;
  const eligible = ids
    .map(id => found.get(id))
    .filter(run => run !== null && run !== undefined)
    .filter(run => request.isEligible(run, found))
    .map(run => run.facts);
  const facts = await completeFacts(services, connection, eligible, now, lock, attempt);
  const concurrency = await loadConcurrency(services, connection, request, facts, lock);
  const batch = request.decide(facts, concurrency, {
    now,
    author: request.author,
    callerRenewsLeases: request.callerRenewsLeases,
    defaultLeaseSeconds: services.leaseSeconds,
    slotWaitSeconds: services.slotWaitSeconds,
    newStateId: () => newId() as StateId,
    newLeaseId: () => newId() as LeaseId,
    newPauseKey: newId,
  });
  return { ids, batch, found, runs: new Map(facts.map(run => [run.id, run])), now };
}

/** Publishes the states that a batch wrote, once it is committed. */
export function announce({ stateChanges }: Services, { decisions }: BatchDecision): void {
  stateChanges.publish(
    decisions.flatMap(({ flowRunId, transition }) =>
      transition === null
        ? []
        : [{ flowRunId, state: transition.state, previousState: transition.previousState }],
    ),
  );
}
