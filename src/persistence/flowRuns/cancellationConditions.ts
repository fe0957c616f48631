import type { Instant } from '../../domain/instant';
import { isTerminal, type StateType, stateTypes } from '../../domain/state';
import { instantToDatabase } from '../entities/columns';
import type { Condition } from '../filter/operators';

const listed = (types: readonly StateType[]): string => types.map(type => `'${type}'`).join(', ');
const unfinished = stateTypes.filter(type => !isTerminal(type));

/** Runs that became CANCELLING at an instant or before it, and still are. */
export const cancellingSince =
  (instant: Instant): Condition =>
  bind =>
    `(run.stateType = 'CANCELLING' AND run.stateTimestamp <= ${bind.value(instantToDatabase(instant))})`;

/** Subflows in one of these states whose parent flow run is CANCELLED. */
const subflowsOfCancelled =
  (types: readonly StateType[], deployment: string): Condition =>
  () =>
    `(run.stateType IN (${listed(types)}) AND ${deployment} AND run.parentTaskRunId IS NOT NULL ` +
    'AND run.parentTaskRunId IN (SELECT task_run.id FROM task_run ' +
    "JOIN flow_run parent ON parent.id = task_run.flow_run_id WHERE parent.state_type = 'CANCELLED'))";

/**
 * Unfinished subflows of CANCELLED runs that no deployment runs. The sign only affects the query plan: the embedded database does not
 * use the index of deployments, which would read every run that has none.
 */
export const subflowsWithoutDeployment = subflowsOfCancelled(unfinished, '+ run.deploymentId IS NULL');

/** Those that a deployment runs, unless they are being cancelled already. */
export const subflowsWithDeployment = subflowsOfCancelled(
  unfinished.filter(type => type !== 'CANCELLING'),
  'run.deploymentId IS NOT NULL',
);

/** Those of them that may have no infrastructure which would have to stop. */
export const waitingSubflowsWithDeployment = subflowsOfCancelled(
  ['SCHEDULED', 'PAUSED'],
  'run.deploymentId IS NOT NULL',
);
