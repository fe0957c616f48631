import { In, IsNull, Or } from 'typeorm';
import type { Extras } from '../../domain/extras';
import type { TaskRun } from '../../domain/flowRun';
import type { State } from '../../domain/state';
import { distinct } from '../../platform/distinct';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import { TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';
import { insertExtras } from './extras';

/** A task run to create, with its first state. */
interface NewTaskRun {
  taskRun: TaskRun;
  state: State | null;
  extras: Extras;
}

const keysOf = ({ flowRunId, taskKey, dynamicKey }: TaskRun): string =>
  JSON.stringify([flowRunId, taskKey, dynamicKey]);

async function findByTaskKeys(
  connection: SqlExecutor,
  taskRuns: readonly TaskRun[],
): Promise<Map<string, TaskRun>> {
  const keyed = taskRuns.filter(({ taskKey }) => taskKey !== null);
  if (keyed.length === 0) return new Map();
  const parents = keyed.map(({ flowRunId }) => flowRunId);
  const known = In(distinct(parents));
  const found = await connection.getRepository(TaskRunEntity).findBy({
    flowRunId: parents.includes(null) ? Or(known, IsNull()) : known,
    taskKey: In(distinct(keyed.map(({ taskKey }) => taskKey))),
    dynamicKey: In(distinct(keyed.map(({ dynamicKey }) => dynamicKey))),
  });
  return new Map(found.map(taskRun => [keysOf(taskRun), taskRun]));
}

/**
 * Creates task runs, all or none, and returns them in order. A task run whose keys exist in its flow run, or earlier
 * in the list, is not created: the other one is returned.
 */
export const insertTaskRuns = (
  database: Database,
  taskRuns: readonly NewTaskRun[],
): Promise<{ taskRun: TaskRun; created: boolean }[]> =>
  database.transaction(async connection => {
    const known = await findByTaskKeys(
      connection,
      taskRuns.map(({ taskRun }) => taskRun),
    );
    const fresh: NewTaskRun[] = [];
    const results = taskRuns.map(made => {
      const { taskRun } = made;
      const earlier = taskRun.taskKey === null ? undefined : known.get(keysOf(taskRun));
      if (earlier) return { taskRun: earlier, created: false };
      if (taskRun.taskKey !== null) known.set(keysOf(taskRun), taskRun);
      fresh.push(made);
      return { taskRun, created: true };
    });
    await insertRows(
      connection,
      TaskRunEntity,
      fresh.map(({ taskRun }) => taskRun),
    );
    const states = fresh.flatMap(({ taskRun, state }) =>
      state === null ? [] : [{ ...state, taskRunId: taskRun.id }],
    );
    await insertRows(connection, TaskRunStateEntity, states);
    await insertExtras(
      connection,
      fresh.map(({ taskRun, extras }) => ({ owner: { kind: 'taskRun', id: taskRun.id }, extras })),
    );
    return results;
  });
