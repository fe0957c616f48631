import type { FlowRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import { retryOnDuplicateKey } from '../../persistence/connection/retryOnDuplicateKey';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { type StateChangeOfRun, storeFlowRuns } from '../../persistence/mirror/storeFlowRuns';
import { storeDeployments, storeFlows } from '../../persistence/mirror/storeFlowsAndDeployments';
import { storeTaskRuns } from '../../persistence/mirror/storeTaskRuns';
import type { Services } from '../../transitions/services';
import type { UpstreamClient, UpstreamFlowRun } from '../client/upstreamClient';
import type { CompleteRows } from './completeRows';
import { storeInHalves, unstoredDetail } from './storeInHalves';

/** What storing copies needs. */
export type StoringServices = Pick<Services, 'database' | 'clock' | 'stateChanges' | 'reportError'>;

/** When the server was asked for runs, and the walk that met them; null: none did. */
interface Reading {
  readAt: Instant;
  walk: number | null;
}

/** Some of the rows, with what only these refer to. */
function partOf(
  { flows, deployments, taskRuns }: CompleteRows,
  rows: readonly UpstreamFlowRun[],
): Omit<CompleteRows, 'left'> {
  const deploymentIds = new Set(rows.map(({ flowRun }) => flowRun.deploymentId));
  const ofRows = deployments.filter(({ id }) => deploymentIds.has(id));
  const flowIds = new Set([
    ...rows.map(({ flowRun }) => flowRun.flowId),
    ...ofRows.map(({ flowId }) => flowId),
  ]);
  const taskRunIds = new Set(rows.map(({ flowRun }) => flowRun.parentTaskRunId));
  return {
    rows: [...rows],
    deployments: ofRows,
    flows: flows.filter(({ id }) => flowIds.has(id)),
    taskRuns: taskRuns.filter(({ taskRun }) => taskRunIds.has(taskRun.id)),
  };
}

/**
 * Stores copies of different runs, at most 200, with what they refer to, in a transaction.
 *
 * @returns the runs that came into another state.
 */
export async function storeWithin(
  { database, clock }: StoringServices,
  connection: SqlExecutor,
  { rows, flows, deployments, taskRuns }: Omit<CompleteRows, 'left'>,
  reading: Reading,
): Promise<StateChangeOfRun[]> {
  const written = await storeFlowRuns(database, connection, rows, { ...reading, now: clock() });
  await storeTaskRuns(database, connection, taskRuns);
  await storeDeployments(database, connection, deployments);
  await storeFlows(database, connection, flows);
  return written;
}

async function storeTogether(
  services: StoringServices,
  part: Omit<CompleteRows, 'left'>,
  reading: Reading,
): Promise<void> {
  const { database, stateChanges } = services;
  // Another process may copy the same runs at the same time.
  const changes = await retryOnDuplicateKey(database, () =>
    database.transaction(connection => storeWithin(services, connection, part, reading)),
  );
  stateChanges.publish(changes);
}

/**
 * Stores copies of different runs, at most 200, with what they refer to, all in one transaction, and publishes the states that
 * are new here. Where one of them cannot be stored, the others are.
 *
 * @returns the runs whose copies could not be stored; they are noted as unreadable.
 */
export async function storeCompleteRows(
  services: StoringServices,
  { unreadable }: Pick<UpstreamClient, 'unreadable'>,
  complete: CompleteRows,
  reading: Reading,
): Promise<FlowRunId[]> {
  const { rows } = complete;
  if (rows.length === 0) return [];
  const unstored = await storeInHalves(rows, part =>
    storeTogether(services, partOf(complete, part), reading),
  );
  const failed = new Set(unstored.map(({ row }) => row.flowRun.id));
  unreadable.forgetUnstored(rows.map(({ flowRun }) => flowRun.id).filter(id => !failed.has(id)));
  for (const { row, error } of unstored) {
    const { id } = row.flowRun;
    if (unreadable.noteUnstored(id, unstoredDetail))
      services.reportError('the copy of a run could not be stored', error, { flowRunId: id });
  }
  return [...failed];
}
