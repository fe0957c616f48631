import { badUserInput, type InputIssue } from '../domain/errors';
import {
  type CreatedBy,
  type FlowRun,
  type FlowRunPolicy,
  noStateColumns,
  type TaskRun,
} from '../domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../domain/identifiers';
import type { Json } from '../domain/json';
import type { State, StateProposal } from '../domain/state';
import { firstTaskRunTransition, firstTransition } from '../orchestration/bookkeeping';
import { completeProposal } from '../orchestration/decide';
import { insertFlowRuns, insertTaskRuns } from '../persistence/flowRuns';
import { onceMoreIfTaken } from '../persistence/onceMore';
import {
  findDeploymentsByIds,
  findFlowRunsByIds,
  findFlowsByIds,
  findTaskRunsByIds,
} from '../persistence/reading';
import { copyFirstStates } from './copyFirstStates';
import type { Services } from './services';

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
}

/** The words that names of runs are made of, where none is given. */
const adjectives = [
  'amber',
  'brisk',
  'calm',
  'daring',
  'eager',
  'fleet',
  'gentle',
  'humble',
  'keen',
  'lucid',
  'nimble',
  'quiet',
];
const animals = [
  'badger',
  'crane',
  'dolphin',
  'falcon',
  'gecko',
  'heron',
  'ibex',
  'lynx',
  'marten',
  'otter',
  'raven',
  'walrus',
];

function nameFor(id: string): string {
  const number = Number.parseInt(id.slice(-8), 16);
  return `${adjectives[number % adjectives.length]}-${animals[Math.floor(number / adjectives.length) % animals.length]}`;
}

const present = <Id>(ids: readonly (Id | null)[]): Id[] => [...new Set(ids.filter(id => id !== null))];

async function checkReferences({ database }: Services, requests: readonly FlowRunRequest[]): Promise<void> {
  const flows = new Set(
    (await findFlowsByIds(database.primary, present(requests.map(run => run.flowId)))).map(({ id }) => id),
  );
  const deployments = new Set(
    (await findDeploymentsByIds(database.primary, present(requests.map(run => run.deploymentId)))).map(
      ({ id }) => id,
    ),
  );
  const taskRuns = new Set(
    (await findTaskRunsByIds(database.primary, present(requests.map(run => run.parentTaskRunId)))).map(
      ({ id }) => id,
    ),
  );
  const taken = new Set(
    (await findFlowRunsByIds(database.primary, present(requests.map(run => run.id)))).map(({ id }) => id),
  );
  const issues = requests.flatMap((run, index): InputIssue[] => {
    const issue = (field: string, message: string): InputIssue => ({
      path: ['input', index, field],
      message,
    });
    const found: InputIssue[] = [];
    if (!flows.has(run.flowId)) found.push(issue('flowId', 'there is no flow with this id'));
    if (run.deploymentId !== null && !deployments.has(run.deploymentId)) {
      found.push(issue('deploymentId', 'there is no deployment with this id'));
    }
    if (run.parentTaskRunId !== null && !taskRuns.has(run.parentTaskRunId)) {
      found.push(issue('parentTaskRunId', 'there is no task run with this id'));
    }
    if (run.id !== null && run.idempotencyKey === null && taken.has(run.id))
      found.push(issue('id', 'a flow run has this id already'));
    if (run.id !== null) taken.add(run.id);
    return found;
  });
  if (issues.length > 0) throw badUserInput(issues);
}

/**
 * Makes runs, 1 to 1000 at once, all or none, answered in order.
 *
 * @throws SwitchyardError BAD_USER_INPUT naming each value that refers to nothing, or an id that is taken.
 */
export async function createFlowRuns(
  services: Services,
  requests: readonly FlowRunRequest[],
): Promise<{ flowRun: FlowRun; created: boolean }[]> {
  await checkReferences(services, requests);
  const { database, clock, newId, stateChanges } = services;
  const now = clock();
  const runs = requests.map(({ state: proposal, ...request }) => {
    const id = request.id ?? (newId() as FlowRunId);
    const run: FlowRun = {
      ...request,
      ...noStateColumns,
      id,
      name: request.name ?? nameFor(id),
      created: now,
      updated: now,
    };
    if (proposal === null) return { flowRun: run, state: null };
    const { state, columns, policy } = firstTransition(
      run,
      completeProposal(proposal, now),
      newId() as StateId,
      now,
    );
    return { flowRun: { ...run, ...columns, policy }, state };
  });
  const answers = await onceMoreIfTaken(database, () =>
    database.transaction(async connection => {
      const inserted = await insertFlowRuns(connection, runs);
      const made = runs.filter((_run, index) => inserted[index]?.created);
      await copyFirstStates(services, connection, made);
      return inserted;
    }),
  );
  const states = new Map<FlowRunId, State | null>(runs.map(({ flowRun, state }) => [flowRun.id, state]));
  stateChanges.publish(
    answers.flatMap(({ flowRun, created }) => {
      const state = states.get(flowRun.id);
      return created && state ? [{ flowRunId: flowRun.id, state, previousState: null }] : [];
    }),
  );
  return answers;
}

/** A task run to be made. */
export interface TaskRunRequest {
  id: TaskRunId | null;
  /** null: it stands alone. */
  flowRunId: FlowRunId | null;
  name: string | null;
  taskKey: string | null;
  dynamicKey: string | null;
  /** Written without rules, as the task run's first state. */
  state: StateProposal | null;
}

type TaskRunKeys = Pick<TaskRun, 'flowRunId' | 'taskKey' | 'dynamicKey'>;

const haveSameKeys = (one: TaskRunKeys, other: TaskRunKeys): boolean =>
  one.taskKey !== null &&
  one.flowRunId === other.flowRunId &&
  one.taskKey === other.taskKey &&
  one.dynamicKey === other.dynamicKey;

async function checkTaskRunReferences(
  { database }: Services,
  requests: readonly TaskRunRequest[],
): Promise<void> {
  const parents = new Set(
    (await findFlowRunsByIds(database.primary, present(requests.map(run => run.flowRunId)))).map(
      ({ id }) => id,
    ),
  );
  const taken = new Map<TaskRunId, TaskRunKeys>(
    (await findTaskRunsByIds(database.primary, present(requests.map(run => run.id)))).map(run => [
      run.id,
      run,
    ]),
  );
  const issues = requests.flatMap((request, index): InputIssue[] => {
    const { id, flowRunId } = request;
    const found: InputIssue[] = [];
    if (flowRunId !== null && !parents.has(flowRunId))
      found.push({ path: ['input', index, 'flowRunId'], message: 'there is no flow run with this id' });
    if (id === null) return found;
    const holder = taken.get(id);
    if (holder && !haveSameKeys(holder, request))
      found.push({ path: ['input', index, 'id'], message: 'a task run has this id already' });
    taken.set(id, request);
    return found;
  });
  if (issues.length > 0) throw badUserInput(issues);
}

/**
 * Makes the task runs that stand for subflows in their parent flow runs, 1 to 1000 at once, all or none, answered in
 * order. One whose keys its flow run has given away already is not made again: the task run that has them is answered.
 *
 * @throws SwitchyardError BAD_USER_INPUT naming each flow run that does not exist, and each id that is taken.
 */
export async function createTaskRuns(
  services: Services,
  requests: readonly TaskRunRequest[],
): Promise<{ taskRun: TaskRun; created: boolean }[]> {
  await checkTaskRunReferences(services, requests);
  const { database, clock, newId } = services;
  const now = clock();
  const taskRuns = requests.map(({ state: proposal, ...request }) => {
    const id = request.id ?? (newId() as TaskRunId);
    const name = request.name ?? nameFor(id);
    const taskRun: TaskRun = { ...request, ...noStateColumns, id, name, created: now, updated: now };
    if (proposal === null) return { taskRun, state: null };
    const proposed = completeProposal(proposal, now);
    const { state, columns } = firstTaskRunTransition(taskRun, proposed, newId() as StateId, now);
    return { taskRun: { ...taskRun, ...columns }, state };
  });
  return insertTaskRuns(database, taskRuns);
}
