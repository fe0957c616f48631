import { SwitchyardError } from '../domain/errors';
import type { FlowRunId } from '../domain/identifiers';
import type { LockMode } from '../persistence/connection/dialect';
import { errorKindOf } from '../persistence/connection/errorKind';
import { findNewestMatching } from '../persistence/flowRuns/matchingFlowRuns';
import { writeDecisions } from '../persistence/flowRuns/transitions';
import { isFaultOfDatabase, toClientError } from './databaseErrors';
import { announce, type DecisionRequest, decideFlowRuns } from './decideFlowRuns';
import { ruleStrategy } from './decisionStrategy';
import { leaveHeldRuns } from './leaveHeldRuns';
import { abort, heldResult, type OrchestrationResult } from './orchestrationResult';
import { resultsOf } from './resultsOf';
import type { Services } from './services';
import type { TransitionRequest } from './transitionRequest';

export { corePolicy, markLatePolicy, minimalPolicy } from '../orchestration/policies';

const decisionRequestOf = (services: Services, request: TransitionRequest): DecisionRequest => ({
  ...ruleStrategy(services, request),
  runs: request.runs,
  filter: request.filter,
  isEligible: ({ matches }) => matches,
});

/** How long a call waits in the queue before it may wait for rows that another transaction holds. */
const maxQueueMilliseconds = 4000;

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
        // All free rows are locked already.
        narrowed === null ? lock : 'none',
        attempt,
      );
      await writeDecisions(database, connection, decision.runs, decision.batch, decision.now);
      return { decided: decision, free: narrowed };
    },
    { onLockTimeout: 'throw' },
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
 * Moves runs by the rules in one transaction: locks them, decides each, and writes the decisions. If the batch fails,
 * each run is tried alone, and only the failing ones are reported with INTERNAL_ERROR.
 *
 * @throws SwitchyardError UNAVAILABLE if the database cannot be reached.
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
    if (error instanceof SwitchyardError || isFaultOfDatabase(error)) throw toClientError(error);
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
