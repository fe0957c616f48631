import { badUserInput, type InputIssue } from '../domain/errors';
import type { Extras } from '../domain/extras';
import { noStateColumns, type TaskRun } from '../domain/flowRun';
import type { FlowRunId, StateId, TaskRunId } from '../domain/identifiers';
import type { StateAuthor, StateProposal } from '../domain/state';
import { firstTaskRunTransition } from '../orchestration/bookkeeping';
import { completeProposal } from '../orchestration/states';
import { retryOnDuplicateKey } from '../persistence/connection/retryOnDuplicateKey';
import { findFlowRunsByIds, findTaskRunsByIds } from '../persistence/flowRuns/rowsById';
import { insertTaskRuns } from '../persistence/flowRuns/taskRuns';
import { distinct } from '../platform/distinct';
import { checkChanges } from '../transitions/checkChanges';
import type { Services } from '../transitions/services';
import { nameFor } from './runNames';

/** A task run to be made. */
interface TaskRunRequest {
  id: TaskRunId | null;
  /** null: it has none. */
  flowRunId: FlowRunId | null;
  name: string | null;
  taskKey: string | null;
  dynamicKey: string | null;
  /** Written without rules, as the task run's first state. */
  state: StateProposal | null;
  extras?: Extras;
}

type TaskRunKeys = Pick<TaskRun, 'flowRunId' | 'taskKey' | 'dynamicKey'>;

const haveSameKeys = (one: TaskRunKeys, other: TaskRunKeys): boolean =>
  one.taskKey !== null &&
  one.flowRunId === other.flowRunId &&
  one.taskKey === other.taskKey &&
  one.dynamicKey === other.dynamicKey;

async function checkReferences(
  { database: { primary } }: Services,
  requests: readonly TaskRunRequest[],
): Promise<void> {
  const flowRuns = await findFlowRunsByIds(primary, distinct(requests.map(run => run.flowRunId)));
  const parents = new Set(flowRuns.map(({ id }) => id));
  const holders = await findTaskRunsByIds(primary, distinct(requests.map(run => run.id)));
  const taken = new Map<TaskRunId, TaskRunKeys>(holders.map(run => [run.id, run]));
  const issues = requests.flatMap((request, index): InputIssue[] => {
    const { id, flowRunId } = request;
    const issue = (field: string, message: string): InputIssue => ({
      path: ['input', index, field],
      message,
      isConflict: true,
    });
    const found: InputIssue[] = [];
    if (flowRunId !== null && !parents.has(flowRunId))
      found.push(issue('flowRunId', 'there is no flow run with this id'));
    if (id === null) return found;
    const holder = taken.get(id);
    if (holder && !haveSameKeys(holder, request)) found.push(issue('id', 'a task run already has this id'));
    taken.set(id, request);
    return found;
  });
  if (issues.length > 0) throw badUserInput(issues);
}

/**
 * Makes the task runs that stand for subflows in their parent flow runs, 1 to 1000 at once, all or none, returned in
 * order. One whose keys its flow run has given away already is not made again: the task run that has them is returned.
 *
 * @throws SwitchyardError BAD_USER_INPUT naming each flow run that does not exist, and each id that is taken.
 */
export async function createTaskRuns(
  services: Services,
  requests: readonly TaskRunRequest[],
  author: StateAuthor,
): Promise<{ taskRun: TaskRun; created: boolean }[]> {
  checkChanges(services);
  const { database, clock, newId } = services;
  const now = clock();
  const taskRuns = requests.map(({ state: proposal, extras = {}, ...request }) => {
    const id = request.id ?? (newId() as TaskRunId);
    const name = request.name ?? nameFor(id);
    const taskRun: TaskRun = { ...request, ...noStateColumns, id, name, created: now, updated: now };
    if (proposal === null) return { taskRun, state: null, extras };
    const proposed = completeProposal(proposal, now);
    const { state, columns } = firstTaskRunTransition(taskRun, proposed, author, newId() as StateId, now);
    return { taskRun: { ...taskRun, ...columns }, state, extras };
  });
  return retryOnDuplicateKey(database, async () => {
    // Checked on each attempt: the duplicate may be an id that another call took meanwhile.
    await checkReferences(services, requests);
    return insertTaskRuns(database, taskRuns);
  });
}
