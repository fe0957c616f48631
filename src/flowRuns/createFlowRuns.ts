import { badUserInput, type InputIssue } from '../domain/errors';
import type { Extras } from '../domain/extras';
import { type CreatedBy, type FlowRun, type FlowRunPolicy, noStateColumns } from '../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../domain/identifiers';
import type { Json } from '../domain/json';
import type { State, StateAuthor, StateProposal } from '../domain/state';
import { firstTransition } from '../orchestration/bookkeeping';
import { completeProposal } from '../orchestration/states';
import { retryOnDuplicateKey } from '../persistence/connection/retryOnDuplicateKey';
import { findByIdempotencyKeys, insertFlowRuns, keyOf } from '../persistence/flowRuns/flowRuns';
import {
  findDeploymentsByIds,
  findFlowRunsByIds,
  findFlowsByIds,
  findTaskRunsByIds,
} from '../persistence/flowRuns/rowsById';
import { distinct } from '../platform/distinct';
import { checkChanges } from '../transitions/checkChanges';
import { copyFirstStates } from '../transitions/copyFirstStates';
import type { Services } from '../transitions/services';
import { nameFor } from './runNames';

/** A run to be made. */
export interface FlowRunRequest {
  id: FlowRunId | null;
  flowId: FlowId;
  deploymentId: DeploymentId | null;
  name: string | null;
  tags: readonly string[];
  workQueueName: string | null;
  flowVersion: string | null;
  parameters: Json;
  idempotencyKey: string | null;
  parentTaskRunId: TaskRunId | null;
  infrastructurePid: string | null;
  createdBy: CreatedBy | null;
  policy: FlowRunPolicy;
  /** Written without rules, as the run's first state. */
  state: StateProposal | null;
  extras?: Extras;
}

const idsOf = <Id>(rows: readonly { id: Id }[]): Set<Id> => new Set(rows.map(({ id }) => id));

async function checkReferences(
  { database: { primary } }: Services,
  requests: readonly FlowRunRequest[],
): Promise<void> {
  const flows = idsOf(await findFlowsByIds(primary, distinct(requests.map(run => run.flowId))));
  const deployments = idsOf(
    await findDeploymentsByIds(primary, distinct(requests.map(run => run.deploymentId))),
  );
  const taskRuns = idsOf(
    await findTaskRunsByIds(primary, distinct(requests.map(run => run.parentTaskRunId))),
  );
  const withId = requests.filter(run => run.id !== null);
  const taken = idsOf(await findFlowRunsByIds(primary, distinct(withId.map(run => run.id))));
  const keys = new Set((await findByIdempotencyKeys(primary, withId)).keys());
  const issues = requests.flatMap((run, index): InputIssue[] => {
    const issue = (field: string, message: string): InputIssue => ({
      path: ['input', index, field],
      message,
      isConflict: true,
    });
    const found: InputIssue[] = [];
    if (!flows.has(run.flowId)) found.push(issue('flowId', 'there is no flow with this id'));
    if (run.deploymentId !== null && !deployments.has(run.deploymentId)) {
      found.push(issue('deploymentId', 'there is no deployment with this id'));
    }
    if (run.parentTaskRunId !== null && !taskRuns.has(run.parentTaskRunId)) {
      found.push(issue('parentTaskRunId', 'there is no task run with this id'));
    }
    // A run whose key is known is not made, so its id is not used.
    const exists = run.idempotencyKey !== null && keys.has(keyOf(run));
    if (run.id !== null && !exists && taken.has(run.id))
      found.push(issue('id', 'a flow run already has this id'));
    if (run.id !== null && !exists) taken.add(run.id);
    if (run.idempotencyKey !== null) keys.add(keyOf(run));
    return found;
  });
  if (issues.length > 0) throw badUserInput(issues);
}

/**
 * Makes runs, 1 to 1000 at once, all or none, returned in order.
 *
 * @throws SwitchyardError BAD_USER_INPUT naming each value that refers to nothing, or an id that is taken.
 */
export async function createFlowRuns(
  services: Services,
  requests: readonly FlowRunRequest[],
  author: StateAuthor,
): Promise<{ flowRun: FlowRun; created: boolean }[]> {
  checkChanges(services);
  const { database, clock, newId, stateChanges } = services;
  const now = clock();
  const runs = requests.map(({ state: proposal, extras = {}, ...request }) => {
    const id = request.id ?? (newId() as FlowRunId);
    const run: FlowRun = {
      ...request,
      ...noStateColumns,
      id,
      name: request.name ?? nameFor(id),
      created: now,
      updated: now,
    };
    if (proposal === null) return { flowRun: run, state: null, extras };
    const { state, columns, policy } = firstTransition(
      run,
      completeProposal(proposal, now),
      author,
      newId() as StateId,
      now,
    );
    return { flowRun: { ...run, ...columns, policy }, state, extras };
  });
  const results = await retryOnDuplicateKey(database, async () => {
    // Checked on each attempt: the duplicate may be an id that another call took meanwhile.
    await checkReferences(services, requests);
    return database.transaction(async connection => {
      const inserted = await insertFlowRuns(connection, runs);
      const made = runs.filter((_run, index) => inserted[index]?.created);
      await copyFirstStates(services, connection, made);
      return inserted;
    });
  });
  const states = new Map<FlowRunId, State | null>(runs.map(({ flowRun, state }) => [flowRun.id, state]));
  stateChanges.publish(
    results.flatMap(({ flowRun, created }) => {
      const state = states.get(flowRun.id);
      return created && state ? [{ flowRunId: flowRun.id, state, previousState: null }] : [];
    }),
  );
  return results;
}
