import type { Flow } from '../../domain/flowRun';
import type { FlowRunId } from '../../domain/identifiers';
import { findCopiedStates, findUnknown } from '../../persistence/mirror/findMirroredFlowRuns';
import { distinct } from '../../platform/distinct';
import type { Services } from '../../transitions/services';
import type {
  UpstreamClient,
  UpstreamDeployment,
  UpstreamFlowRun,
  UpstreamTaskRun,
} from '../client/upstreamClient';

/** Runs, and what they refer to that is not stored here or may have changed with them. */
export interface CompleteRows {
  rows: UpstreamFlowRun[];
  flows: Flow[];
  deployments: UpstreamDeployment[];
  taskRuns: UpstreamTaskRun[];
  /** Runs that are left as they were: their flows exist, and cannot be read. */
  left: FlowRunId[];
}

/** Reads the task runs of those subflows that are new or changed: a subflow's state is copied to its task run. */
async function readTaskRuns(
  { database }: Pick<Services, 'database'>,
  client: UpstreamClient,
  rows: readonly UpstreamFlowRun[],
  signal: AbortSignal | undefined,
): Promise<UpstreamTaskRun[]> {
  const subflows = rows.map(({ flowRun }) => flowRun).filter(run => run.parentTaskRunId !== null);
  if (subflows.length === 0) return [];
  const copied = await findCopiedStates(
    database.primary,
    subflows.map(({ id }) => id),
  );
  const changed = subflows.filter(({ id, stateId, updated }) => {
    const copy = copied.get(id);
    return copy === undefined || copy.stateId !== stateId || copy.updated !== updated;
  });
  const ofChanged = distinct(changed.map(run => run.parentTaskRunId));
  const all = distinct(subflows.map(run => run.parentTaskRunId));
  const unknown = await findUnknown(database.primary, 'taskRun', all);
  const ids = distinct([...ofChanged, ...unknown]);
  return ids.length === 0 ? [] : (await client.findTaskRuns(ids, signal)).rows;
}

/**
 * Reads the flows and deployments of runs that are not stored here, and the task runs of subflows. Runs whose flow is gone are
 * left out: they are gone with it. Those whose flow cannot be read are noted as unreadable.
 */
export async function completeRows(
  services: Pick<Services, 'database'>,
  client: UpstreamClient,
  rows: readonly UpstreamFlowRun[],
  signal?: AbortSignal,
): Promise<CompleteRows> {
  const { primary } = services.database;
  const deploymentIds = distinct(rows.map(({ flowRun }) => flowRun.deploymentId));
  const newDeployments = await findUnknown(primary, 'deployment', deploymentIds);
  const { rows: deployments } =
    newDeployments.length === 0
      ? { rows: [] }
      : await client.findDeployments({ ids: newDeployments }, signal);
  const flowIds = distinct([
    ...rows.map(({ flowRun }) => flowRun.flowId),
    ...deployments.map(({ flowId }) => flowId),
  ]);
  const newFlows = await findUnknown(primary, 'flow', flowIds);
  const { rows: flows, unreadable } =
    newFlows.length === 0 ? { rows: [], unreadable: [] } : await client.findFlows({ ids: newFlows }, signal);
  const read = new Set(flows.map(({ id }) => id));
  const missing = new Set(newFlows.filter(id => !read.has(id)));
  const left = rows.map(({ flowRun }) => flowRun).filter(({ flowId }) => unreadable.includes(flowId));
  for (const { id } of left) client.unreadable.noteUnstored(id, 'flow_id names a flow that cannot be read');
  return {
    rows: rows.filter(({ flowRun }) => !missing.has(flowRun.flowId)),
    flows,
    deployments: deployments.filter(({ flowId }) => !missing.has(flowId)),
    taskRuns: await readTaskRuns(services, client, rows, signal),
    left: left.map(({ id }) => id),
  };
}
