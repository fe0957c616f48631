import type { FlowRunId } from '../domain/identifiers';
import type { SqlExecutor } from '../persistence/connection/statements';
import { findDeploymentFacts } from '../persistence/flowRuns/facts';
import { findFlowRunFacts } from '../persistence/flowRuns/hotLockedFlowRunFacts';
import { lockFreeRows } from '../persistence/flowRuns/lockFreeRows';
import { findNewestMatching } from '../persistence/flowRuns/matchingFlowRuns';
import { distinct } from '../platform/distinct';
import type { DecisionRequest } from './decideFlowRuns';
import type { Services } from './services';

/** A request without the runs that cannot be locked now. */
interface FreeRuns {
  /** All runs of the request, in their order. */
  ids: readonly FlowRunId[];
  /** Those of them that another transaction holds, or whose state, task run, deployment or lease it holds. */
  held: ReadonlySet<FlowRunId>;
  /** The request for all others. All rows that it locks are locked already. */
  request: DecisionRequest;
}

/**
 * Locks the rows of all runs that are free, in the order in which everybody locks them, and leaves out the others. Waits
 * for no row.
 */
export async function leaveHeldRuns(
  { database }: Services,
  connection: SqlExecutor,
  request: DecisionRequest,
): Promise<FreeRuns> {
  const { runs, filter } = request;
  const ids = 'newest' in runs ? await findNewestMatching(database, connection, filter, runs.newest) : runs;
  const lock = <Id extends string>(table: Parameters<typeof lockFreeRows>[2], rows: readonly Id[]) =>
    lockFreeRows(database, connection, table, rows);

  const heldRuns = await lock('flow_run', distinct(ids));
  const found = await findFlowRunFacts(
    database,
    connection,
    ids.filter(id => !heldRuns.has(id)),
    null,
    'none',
  );
  const facts = [...found.values()].filter(run => run !== null).map(run => run.facts);
  const heldStates = await lock('flow_run_state', distinct(facts.map(run => run.stateId)));
  const heldTaskRuns = await lock('task_run', distinct(facts.map(run => run.parentTaskRunId)));
  const concerned = facts.filter(run => run.deploymentId !== null && request.needsConcurrency(run));
  const deployments = await findDeploymentFacts(
    database,
    connection,
    distinct(concerned.map(run => run.deploymentId)),
    'none',
  );
  const limited = [...deployments.values()].filter(({ concurrencyLimit }) => concurrencyLimit !== null);
  const heldDeployments = await lock(
    'deployment',
    limited.map(({ id }) => id),
  );
  const leaseOf = (run: (typeof facts)[number]) => run.state?.stateDetails.deploymentConcurrencyLeaseId;
  const heldLeases = await lock('concurrency_lease', distinct([request.leaseId, ...concerned.map(leaseOf)]));

  const isIn = <Id>(held: ReadonlySet<Id>, id: Id | null | undefined): boolean =>
    id !== null && id !== undefined && held.has(id);
  const concernedIds = new Set(concerned.map(({ id }) => id));
  const held = new Set(heldRuns);
  for (const run of facts) {
    const needsHeldSlot =
      concernedIds.has(run.id) &&
      (isIn(heldDeployments, run.deploymentId) ||
        isIn(heldLeases, leaseOf(run)) ||
        isIn(heldLeases, request.leaseId));
    if (needsHeldSlot || isIn(heldStates, run.stateId) || isIn(heldTaskRuns, run.parentTaskRunId))
      held.add(run.id);
  }
  return { ids, held, request: { ...request, runs: ids.filter(id => !held.has(id)) } };
}
