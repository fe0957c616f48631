import type { FlowRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import { isTerminal, type StateType, stateTypes } from '../../domain/state';
import type { Database } from '../connection/database';
import { select } from '../connection/statements';
import { instantToDatabase } from '../entities/columns';
import type { CompiledFilter } from '../filter/compile';

const listed = (types: readonly StateType[]): string => types.map(type => `'${type}'`).join(', ');
const unfinished = stateTypes.filter(type => !isTerminal(type));

/** Runs that became CANCELLING at an instant or before it, and still are. */
export const cancellingSince = (instant: Instant): CompiledFilter => ({
  sql: `(run.state_type = 'CANCELLING' AND run.state_timestamp <= :cancelling_since)`,
  parameters: { cancelling_since: instantToDatabase(instant) },
});

const parentIsCancelled =
  `run.parent_task_run_id IN (SELECT task_run.id FROM task_run ` +
  `JOIN flow_run parent ON parent.id = task_run.flow_run_id WHERE parent.state_type = 'CANCELLED')`;

/** Subflows in one of these states whose parent flow run is CANCELLED. */
const subflowsOfCancelled = (types: readonly StateType[], deployment: string): CompiledFilter => ({
  sql: `(run.state_type IN (${listed(types)}) AND ${deployment} AND run.parent_task_run_id IS NOT NULL AND ${parentIsCancelled})`,
  parameters: {},
});

/**
 * Unfinished subflows of CANCELLED runs that no deployment runs. The sign has no effect but one: the embedded database does not
 * use the index of deployments, which would read every run that has none.
 */
export const subflowsWithoutDeployment = subflowsOfCancelled(unfinished, '+run.deployment_id IS NULL');

/** Those that a deployment runs, unless they are being cancelled already. */
export const subflowsWithDeployment = subflowsOfCancelled(
  unfinished.filter(type => type !== 'CANCELLING'),
  'run.deployment_id IS NOT NULL',
);

/** Those of them that may have no infrastructure which would have to stop. */
export const waitingSubflowsWithDeployment = subflowsOfCancelled(
  ['SCHEDULED', 'PAUSED'],
  'run.deployment_id IS NOT NULL',
);

/** The ids of the oldest runs that match and are younger than one, oldest first. */
export async function selectOldestFlowRunIds(
  { primary }: Database,
  { sql, parameters }: CompiledFilter,
  after: FlowRunId | null,
  limit: number,
): Promise<FlowRunId[]> {
  const rows = await select(
    primary,
    primary,
    `SELECT run.id AS id FROM flow_run run WHERE run.id > :after AND ${sql} ORDER BY run.id LIMIT ${limit}`,
    { ...parameters, after: after ?? '' },
  );
  return rows.map(({ id }) => id as FlowRunId);
}
