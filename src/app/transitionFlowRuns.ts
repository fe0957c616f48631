import { unavailable } from '../domain/errors';
import type { DeploymentId, FlowRunId, LeaseId, StateId, TaskRunId } from '../domain/identifiers';
import type { Instant } from '../domain/instant';
import type { State, StateProposal } from '../domain/state';
import { decideBatch } from '../orchestration/decide';
import type { BatchDecision, Decision, RuleTrace, Verdict } from '../orchestration/decision';
import type { ConcurrencyFacts, FlowRunFacts } from '../orchestration/facts';
import { corePolicy, minimalPolicy } from '../orchestration/policies';
import { needsConcurrency } from '../orchestration/rule';
import type { CompiledFilter } from '../persistence/filter/compile';
import type { Connection } from '../persistence/statements';
import {
  findDeployments,
  findFlowRuns,
  findLaterTimestamps,
  findLeases,
  findTaskRuns,
  type Hold,
  writeDecisions,
} from '../persistence/transitions';
import type { Services } from './services';

export type { RuleTrace, Verdict };

/** One state for many runs, and how it is to be decided. */
export interface TransitionRequest {
  /** The runs, in the order in which they are decided and answered. */
  ids: readonly FlowRunId[];
  /** What a run must still match when its turn comes; null: whatever it has become. */
  filter: CompiledFilter | null;
  proposal: StateProposal;
  /** Whether the minimal policy decides, instead of the core policy. */
  force: boolean;
  callerRenewsLeases: boolean;
}

/** What was decided about one run. */
export interface OrchestrationResult {
  flowRunId: FlowRunId;
  verdict: Verdict;
  /** The state the run is in after the decision; null where it has none. */
  state: State | null;
  trace: readonly RuleTrace[];
}

interface DecidedBatch {
  results: OrchestrationResult[];
  batch: BatchDecision;
  runs: ReadonlyMap<FlowRunId, FlowRunFacts>;
  now: Instant;
}

const abort = (
  flowRunId: FlowRunId,
  code: 'FLOW_RUN_NOT_FOUND' | 'NO_LONGER_MATCHES' | 'INTERNAL_ERROR',
  reason: string,
  state: State | null = null,
): OrchestrationResult => ({ flowRunId, verdict: { status: 'ABORT', code, reason }, state, trace: [] });

const isPresent = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

async function loadConcurrency(
  { database }: Services,
  connection: Connection,
  request: TransitionRequest,
  runs: readonly FlowRunFacts[],
  hold: Hold,
): Promise<ConcurrencyFacts> {
  const policy = request.force ? minimalPolicy : corePolicy;
  const concerned = runs.filter(
    run => run.deploymentId !== null && needsConcurrency(policy, run.stateType, request.proposal.type),
  );
  const deploymentIds = distinct(concerned.map(run => run.deploymentId).filter(isPresent<DeploymentId>));
  const leaseIds = distinct(
    [request.proposal, ...concerned.map(run => run.state)]
      .map(state => state?.stateDetails?.deploymentConcurrencyLeaseId)
      .filter(isPresent<LeaseId>),
  );
  const deployments = await findDeployments(database, connection, deploymentIds, hold);
  return {
    deployments,
    leases: await findLeases(database, connection, concerned.length === 0 ? [] : leaseIds, hold),
  };
}

/** Adds what few runs need: their parent task runs, and the timestamps that theirs must not meet. */
async function completeFacts(
  { database }: Services,
  connection: Connection,
  runs: readonly FlowRunFacts[],
  now: Instant,
  hold: Hold,
  attempt: number,
): Promise<FlowRunFacts[]> {
  const taskRunIds = runs.map(run => run.parentTaskRunId).filter(isPresent<TaskRunId>);
  const taskRuns = await findTaskRuns(database, connection, distinct(taskRunIds), hold);
  // A state is nearly always newer than the one before it. Where one is not, or where two met in spite of that
  // and the batch is tried again, all that could meet are looked up.
  const mayMeet = (timestamp: Instant | null) => attempt > 0 || (timestamp !== null && timestamp >= now);
  const meeting = runs.filter(run => mayMeet(run.stateTimestamp)).map(run => run.id);
  const later = await findLaterTimestamps(connection, 'flow_run', meeting, now);
  const meetingTaskRuns = [...taskRuns.values()]
    .filter(taskRun => mayMeet(taskRun.stateTimestamp))
    .map(({ id }) => id);
  const laterOfTaskRuns = await findLaterTimestamps(connection, 'task_run', meetingTaskRuns, now);
  return runs.map(run => ({
    ...run,
    parentTaskRun: (run.parentTaskRunId && taskRuns.get(run.parentTaskRunId)) ?? null,
    laterTimestamps: later.get(run.id) ?? [],
    parentLaterTimestamps: (run.parentTaskRunId && laterOfTaskRuns.get(run.parentTaskRunId)) || [],
  }));
}

async function decide(
  services: Services,
  connection: Connection,
  request: TransitionRequest,
  hold: Hold,
  attempt: number,
): Promise<DecidedBatch> {
  const { database, clock, newId } = services;
  const found = await findFlowRuns(database, connection, request.ids, request.filter, hold);
  const now = clock();
  const byId = new Map(found.map(run => [run.facts.id, run]));
  const matching = request.ids
    .map(id => byId.get(id))
    .filter(isPresent)
    .filter(({ matches }) => matches);
  const facts = await completeFacts(
    services,
    connection,
    matching.map(run => run.facts),
    now,
    hold,
    attempt,
  );
  const batch = decideBatch({
    runs: facts,
    proposed: request.proposal,
    force: request.force,
    concurrency: await loadConcurrency(services, connection, request, facts, hold),
    call: {
      now,
      callerRenewsLeases: request.callerRenewsLeases,
      defaultLeaseSeconds: services.leaseSeconds,
      slotWaitSeconds: services.slotWaitSeconds,
      newStateId: () => newId() as StateId,
      newLeaseId: () => newId() as LeaseId,
      newPauseKey: newId,
    },
    onError: (flowRunId, error) => services.reportError('a run could not be decided', error, { flowRunId }),
  });
  const decided = new Map<FlowRunId, Decision>(
    batch.decisions.map(decision => [decision.flowRunId, decision]),
  );
  const results = request.ids.map((id): OrchestrationResult => {
    const decision = decided.get(id);
    if (decision)
      return { flowRunId: id, verdict: decision.verdict, state: decision.state, trace: decision.trace };
    const run = byId.get(id);
    if (!run) return abort(id, 'FLOW_RUN_NOT_FOUND', 'There is no flow run with this id.');
    const reason = 'The run stopped matching the filter before it could be moved, and was left alone.';
    return abort(id, 'NO_LONGER_MATCHES', reason, run.facts.state);
  });
  return { results, batch, runs: new Map(facts.map(run => [run.id, run])), now };
}

async function transitionTogether(
  services: Services,
  request: TransitionRequest,
): Promise<OrchestrationResult[]> {
  const { database, stateChanges } = services;
  const { batch, results } = await database.transaction(async (runner, attempt) => {
    const decided = await decide(services, runner, request, 'lock', attempt);
    await writeDecisions(database, runner, decided.runs, decided.batch, decided.now);
    return decided;
  });
  stateChanges.publish(
    batch.decisions.flatMap(({ flowRunId, transition }) =>
      transition === null
        ? []
        : [{ flowRunId, state: transition.state, previousState: transition.previousState }],
    ),
  );
  return results;
}

/**
 * Moves runs, by the rules, all in one transaction: locks them, decides each, writes what was decided. A run that
 * makes the batch fail is found by trying each alone, and answered with INTERNAL_ERROR; it never takes others with it.
 *
 * @throws SwitchyardError UNAVAILABLE where the database cannot be reached.
 */
export async function transitionFlowRuns(
  services: Services,
  request: TransitionRequest,
): Promise<OrchestrationResult[]> {
  if (request.ids.length === 0) return [];
  try {
    return await transitionTogether(services, request);
  } catch (error) {
    if (services.database.dialect.isUnavailable(error))
      throw unavailable('The database cannot be reached.', error);
    services.reportError('a batch failed', error, { flowRunIds: request.ids });
    const [only, ...others] = request.ids;
    if (only !== undefined && others.length === 0) {
      return [abort(only, 'INTERNAL_ERROR', 'The run could not be processed; nothing of it was written.')];
    }
    const results: OrchestrationResult[] = [];
    for (const id of request.ids)
      results.push(...(await transitionFlowRuns(services, { ...request, ids: [id] })));
    return results;
  }
}

/** Decides as `transitionFlowRuns` would, on the same rows and by the same rules, and writes nothing. */
export async function previewFlowRunTransitions(
  services: Services,
  request: TransitionRequest,
): Promise<OrchestrationResult[]> {
  const { results } = await decide(services, services.database.primary, request, 'look', 0);
  return results;
}
