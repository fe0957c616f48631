import type { ParentTaskRunTransition } from '../domain/decision';
import type { StateId, TaskRunId } from '../domain/identifiers';
import { copyToParent } from '../orchestration/copyToParent';
import type { SqlExecutor } from '../persistence/connection/statements';
import { findLaterTimestamps, findTaskRunFacts } from '../persistence/flowRuns/facts';
import type { NewFlowRun } from '../persistence/flowRuns/flowRuns';
import { type ParentTaskRunCopy, writeCopies } from '../persistence/flowRuns/transitions';
import { distinct } from '../platform/distinct';
import type { Services } from './services';

/** Gives the parent task runs of new subflows a copy of the first states of these, as they get one of every later state. */
export async function copyFirstStates(
  { database, clock, newId }: Services,
  connection: SqlExecutor,
  runs: readonly NewFlowRun[],
): Promise<void> {
  const parents = distinct(runs.map(({ flowRun, state }) => state && flowRun.parentTaskRunId));
  const taskRuns = await findTaskRunFacts(database, connection, parents, 'forUpdate');
  const now = clock();
  const later = await findLaterTimestamps(connection, 'task_run', [...taskRuns.keys()], now);
  const call = { now, newStateId: () => newId() as StateId };
  const last = new Map<TaskRunId, ParentTaskRunTransition>();
  const copies: ParentTaskRunCopy[] = [];
  for (const { flowRun, state } of runs) {
    const taskRun = flowRun.parentTaskRunId && taskRuns.get(flowRun.parentTaskRunId);
    if (!taskRun || state === null) continue;
    const facts = {
      id: flowRun.id,
      parentTaskRun: taskRun,
      parentLaterTimestamps: later.get(taskRun.id) ?? [],
    };
    const copy = copyToParent(facts, state, last.get(taskRun.id), call);
    if (copy === null) continue;
    last.set(taskRun.id, copy);
    copies.push({ taskRun, copy });
  }
  const asLeft = copies.map(({ taskRun, copy }) => ({
    taskRun,
    copy: { ...copy, columns: last.get(taskRun.id)?.columns ?? copy.columns },
  }));
  await writeCopies(database, connection, asLeft, now);
}
