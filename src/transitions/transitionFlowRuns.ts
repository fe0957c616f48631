import type { Decision, RuleTrace, Verdict } from '../domain/decision';
import { SwitchyardError } from '../domain/errors';
import type { FlowRunId } from '../domain/identifiers';
import type { State, StateProposal } from '../domain/state';
import { decideBatch } from '../orchestration/decide';
import { needsConcurrency, type Policy } from '../orchestration/rule';
import type { LockMode } from '../persistence/connection/dialect';
import { errorKindOf, isRetryable } from '../persistence/connection/errorKind';
import type { FlowRunCondition } from '../persistence/filter/applyFlowRunFilter';
import type { FlowRunSelection } from '../persistence/flowRuns/facts';
import { findNewestMatching } from '../persistence/flowRuns/matchingFlowRuns';
import { writeDecisions } from '../persistence/flowRuns/transitions';
import { isDatabaseUnavailable, toClientError } from './databaseErrors';
import {
  announce,
  type DecidedBatch,
  type DecisionRequest,
  type DecisionStrategy,
  decideFlowRuns,
} from './decideFlowRuns';
import { leaveHeldRuns } from './leaveHeldRuns';
import type { Services } from './services';

export { corePolicy, markLatePolicy, minimalPolicy } from '../orchestration/policies';
export type { RuleTrace, Verdict };

/** A state to propose, and how it is to be decided. */
export interface Proposal {
  proposal: StateProposal;
  /** The rules that decide, in their order. */
  policy: Policy;
  callerRenewsLeases: boolean;
}

/** One state for many runs. */
export interface TransitionRequest extends Proposal {
  /** The runs, in the order in which they are decided and answered; the newest: newest first. */
  runs: FlowRunSelection;
  /** What a run must match when its turn comes, and by what the newest are found; null: whatever it is. */
  filter: FlowRunCondition;
}

/** What was decided about one run. */
export interface OrchestrationResult {
  flowRunId: FlowRunId;
  verdict: Verdict;
  /** The state the run is in after the decision; null where it has none. */
  state: State | null;
  /** Whether that state is a new one, that of an accepted proposal or of a rejection that writes another. */
  written: boolean;
  trace: readonly RuleTrace[];
  /** Present where nothing was decided, because another transaction holds what the run needs. */
  isHeld?: true;
}

const abort = (
  flowRunId: FlowRunId,
  code: 'FLOW_RUN_NOT_FOUND' | 'NO_LONGER_MATCHES' | 'INTERNAL_ERROR',
  reason: string,
  state: State | null = null,
): OrchestrationResult => ({
  flowRunId,
  verdict: { status: 'ABORT', code, reason },
  state,
  written: false,
  trace: [],
});

/** How the rules decide a proposal. */
export function ruleStrategy(
  services: Services,
  { proposal, policy, callerRenewsLeases }: Proposal,
): DecisionStrategy {
  return {
    callerRenewsLeases,
    leaseId: proposal.stateDetails?.deploymentConcurrencyLeaseId,
    needsConcurrency: run => needsConcurrency(policy, run.stateType, proposal.type),
    decide: (runs, concurrency, call) =>
      decideBatch({
        runs,
        proposed: proposal,
        policy,
        concurrency,
        call,
        onError: (flowRunId, error) =>
          services.reportError('a run could not be decided', error, { flowRunId }),
      }),
  };
}

const decisionRequestOf = (services: Services, request: TransitionRequest): DecisionRequest => ({
  ...ruleStrategy(services, request),
  runs: request.runs,
  filter: request.filter,
  isEligible: ({ matches }) => matches,
});

function resultsOf({ ids, batch, found }: DecidedBatch): OrchestrationResult[] {
  const decided = new Map<FlowRunId, Decision>(
    batch.decisions.map(decision => [decision.flowRunId, decision]),
  );
  return ids.map((id): OrchestrationResult => {
    const decision = decided.get(id);
    if (decision) {
      const { verdict, state, transition, trace } = decision;
      return { flowRunId: id, verdict, state, written: transition !== null, trace };
    }
    const run = found.get(id);
    if (!run) return abort(id, 'FLOW_RUN_NOT_FOUND', 'There is no flow run with this id.');
    const reason = 'The run stopped matching the filter before it could be moved, and was left alone.';
    return abort(id, 'NO_LONGER_MATCHES', reason, run.facts.state);
  });
}

/** How long a call stands in line before it may wait for rows that another transaction holds. */
const maxQueueMilliseconds = 4000;

/** Why a run was not decided that cannot be locked. */
export const heldReason =
  'Another transaction holds the run, its task run, its deployment or its lease. Nothing of it was written. Try again later.';

const heldResult = (id: FlowRunId): OrchestrationResult => ({
  ...abort(id, 'INTERNAL_ERROR', heldReason),
  isHeld: true,
});

/** Decides and writes in one transaction, and publishes what was written. */
async function decideTogether(
  services: Services,
  request: TransitionRequest,
  lock: LockMode,
): Promise<OrchestrationResult[]> {
  const { database } = services;
  const asked = decisionRequestOf(services, request);
  const { decided, free } = await database.transaction(
    async (connection, attempt) => {
      const narrowed = lock === 'skipLocked' ? await leaveHeldRuns(services, connection, asked) : null;
      const decision = await decideFlowRuns(
        services,
        connection,
        narrowed?.request ?? asked,
        // Whatever is free is locked already.
        narrowed === null ? lock : 'none',
        attempt,
      );
      await writeDecisions(database, connection, decision.runs, decision.batch, decision.now);
      return { decided: decision, free: narrowed };
    },
    { waits: false },
  );
  announce(services, decided.batch);
  const results = resultsOf(decided);
  if (free === null) return results;
  const byId = new Map(results.map(result => [result.flowRunId, result]));
  return free.ids.flatMap(id => byId.get(id) ?? (free.held.has(id) ? heldResult(id) : []));
}

const isLockTimeout = (error: unknown): boolean => errorKindOf(error) === 'lockTimeout';

/**
 * Moves runs together. Rows that another transaction holds are waited for a few seconds, by few calls at a time, so that
 * the connections of all others stay free; after that the runs that are free are moved without them.
 */
async function transitionTogether(
  services: Services,
  request: TransitionRequest,
): Promise<OrchestrationResult[]> {
  try {
    return await decideTogether(services, request, 'noWait');
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
  }
  const leave = await services.database.lockWaits.enter(maxQueueMilliseconds);
  try {
    if (leave !== null) return await decideTogether(services, request, 'forUpdate');
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
  } finally {
    leave?.();
  }
  return decideTogether(services, request, 'skipLocked');
}

/** Tries each run of a batch that failed in a transaction of its own. */
async function transitionEach(
  services: Services,
  request: TransitionRequest,
  ids: readonly FlowRunId[],
): Promise<OrchestrationResult[]> {
  const results: OrchestrationResult[] = [];
  for (const id of ids) results.push(...(await transitionFlowRuns(services, { ...request, runs: [id] })));
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
  const { database } = services;
  const { runs, filter } = request;
  try {
    return await transitionTogether(services, request);
  } catch (error) {
    if (error instanceof SwitchyardError || isDatabaseUnavailable(error) || isRetryable(error))
      throw toClientError(error);
    services.reportError('a batch failed', error, { flowRuns: runs });
    if ('newest' in runs)
      return transitionEach(
        services,
        request,
        await findNewestMatching(database, database.primary, filter, runs.newest),
      );
    const [only, ...others] = runs;
    if (only === undefined || others.length > 0) return transitionEach(services, request, runs);
    if (errorKindOf(error) === 'tooLarge') throw toClientError(error);
    return [abort(only, 'INTERNAL_ERROR', 'The run could not be processed; nothing of it was written.')];
  }
}

/** Decides as `transitionFlowRuns` would, on the same rows and by the same rules, and writes nothing. */
export async function previewFlowRunTransitions(
  services: Services,
  request: TransitionRequest,
): Promise<OrchestrationResult[]> {
  const asked = decisionRequestOf(services, request);
  return resultsOf(await decideFlowRuns(services, services.database.primary, asked, 'none', 0));
}
