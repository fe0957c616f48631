import { In } from 'typeorm';
import type { TaskRun } from '../../domain/flowRun';
import type { State } from '../../domain/state';
import { distinct } from '../../platform/distinct';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import type { RawRow } from '../entities/columns';
import { TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';
import { findTaskRunStatesByIds } from '../flowRuns/rowsById';
import { fittingKey, fittingText } from './fittingText';
import { compareRows, lockRowsById, writeChanges } from './storeRows';

/** A task run that stands for a subflow, as the server has it. */
export interface TaskRunCopy {
  taskRun: TaskRun;
  state: State | null;
}

const maxKeyCharacters = 255;

/** The keys count within a flow run; among task runs without one, the server may have the same twice. */
function rowOf(taskRun: TaskRun): TaskRun {
  const keys = [taskRun.taskKey, taskRun.dynamicKey].map(key => fittingKey(key, maxKeyCharacters));
  const isKeyed = taskRun.flowRunId !== null && keys.every(key => key !== null);
  const row = fittingText(TaskRunEntity.columns, taskRun);
  return isKeyed ? row : { ...row, taskKey: null, dynamicKey: null };
}

const keysOf = ({ flowRunId, taskKey, dynamicKey }: TaskRun): string =>
  JSON.stringify([flowRunId, taskKey, dynamicKey]);

/** Takes the keys from task runs that the server has deleted or changed since: other ones have these now. */
async function freeKeys(connection: SqlExecutor, written: readonly TaskRun[]): Promise<void> {
  const taskRuns = connection.getRepository(TaskRunEntity);
  const keyed = written.filter(({ taskKey }) => taskKey !== null);
  if (keyed.length === 0) return;
  const holders = new Map(keyed.map(taskRun => [keysOf(taskRun), taskRun.id]));
  const found = await taskRuns.findBy({
    flowRunId: In(distinct(keyed.map(({ flowRunId }) => flowRunId))),
    taskKey: In(distinct(keyed.map(({ taskKey }) => taskKey))),
  });
  const former = found.filter(taskRun => {
    const holder = holders.get(keysOf(taskRun));
    return holder !== undefined && holder !== taskRun.id;
  });
  if (former.length > 0)
    await taskRuns.update({ id: In(former.map(({ id }) => id)) }, { taskKey: null, dynamicKey: null });
}

/** Whether a copy is older than the stored row: two readers may store in another order than they read. */
const isOlder = ({ updated }: TaskRun, stored: RawRow | undefined): boolean =>
  stored !== undefined && updated < TaskRunEntity.read(stored).updated;

/** Stores copies of different task runs, at most 200, with their current states. A copy replaces no newer one. */
export async function storeTaskRuns(
  database: Database,
  connection: SqlExecutor,
  copies: readonly TaskRunCopy[],
): Promise<void> {
  if (copies.length === 0) return;
  const ids = copies.map(({ taskRun }) => taskRun.id);
  const stored = await lockRowsById(database, connection, TaskRunEntity, ids);
  const newer = copies.filter(({ taskRun }) => !isOlder(taskRun, stored.get(taskRun.id)));
  const rows = newer.map(({ taskRun }) => rowOf(taskRun));
  const changes = compareRows(TaskRunEntity, rows, stored);
  await freeKeys(connection, [...changes.added, ...changes.changed.map(({ after }) => after)]);
  await writeChanges(database, connection, TaskRunEntity, changes);
  const states = newer.flatMap(({ taskRun, state }) =>
    state === null ? [] : [{ ...state, taskRunId: taskRun.id }],
  );
  const found = await findTaskRunStatesByIds(
    connection,
    states.map(({ id }) => id),
  );
  const known = new Set(found.map(({ id }) => id));
  await insertRows(
    connection,
    TaskRunStateEntity,
    states.filter(({ id }) => !known.has(id)).map(state => fittingText(TaskRunStateEntity.columns, state)),
  );
}
