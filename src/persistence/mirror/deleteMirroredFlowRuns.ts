import { type EntityTarget, In, type ObjectLiteral } from 'typeorm';
import type { FlowRunId } from '../../domain/identifiers';
import type { Database } from '../connection/database';
import type { SqlExecutor } from '../connection/statements';
import { FlowRunEntity, FlowRunTagEntity } from '../entities/flowRun';
import { FlowRunStateEntity, TaskRunStateEntity } from '../entities/state';
import { TaskRunEntity } from '../entities/taskRun';
import { deleteExtras } from '../flowRuns/extras';
import { findFlowRunStatesByIds } from '../flowRuns/rowsById';
import { isNewerThan, type ReadTime } from './newerCopy';
import { findReadTimes, markGone } from './readMarks';
import { storeLeases } from './storeLeases';
import { lockRowsById } from './storeRows';

// What a repository takes as a condition goes into JSON, which has no end.
const deleteFrom = (connection: SqlExecutor, table: EntityTarget<ObjectLiteral>) =>
  connection.getRepository(table).createQueryBuilder().delete();

async function deleteTaskRunsOf(connection: SqlExecutor, ids: readonly FlowRunId[]): Promise<void> {
  const ofRuns = { flowRunId: In([...ids]) };
  const found = await connection.getRepository(TaskRunEntity).find({ select: { id: true }, where: ofRuns });
  if (found.length === 0) return;
  const taskRunIds = found.map(({ id }) => id);
  await deleteFrom(connection, TaskRunStateEntity)
    .where({ taskRunId: In(taskRunIds) })
    .execute();
  await deleteFrom(connection, TaskRunEntity).where(ofRuns).execute();
}

/**
 * Deletes copies of runs that the server no longer had at a time, at most 200, with their states, tags, extras and task runs. Slots
 * stay as they are: the server counts them. A run that was read after that time stays.
 *
 * @returns the ids of the runs that were there.
 */
export async function deleteMirroredFlowRuns(
  database: Database,
  connection: SqlExecutor,
  ids: readonly FlowRunId[],
  foundGone: ReadTime,
): Promise<FlowRunId[]> {
  if (ids.length === 0) return [];
  const stored = await lockRowsById(database, connection, FlowRunEntity, ids);
  const marked = await findReadTimes(connection, ids);
  const gone = ids.filter(id => isNewerThan(marked.get(id), foundGone));
  if (gone.length === 0) return [];
  await markGone(connection, { ids: gone, marked, readAt: foundGone.readAt });
  const runs = gone.flatMap(id => {
    const row = stored.get(id);
    return row === undefined ? [] : [FlowRunEntity.read(row)];
  });
  if (runs.length === 0) return [];
  const stateIds = runs.map(({ stateId }) => stateId).filter(id => id !== null);
  const states = await findFlowRunStatesByIds(connection, stateIds);
  const left = states.map(previousState => ({ deploymentId: null, state: null, previousState }));
  await storeLeases(connection, left, foundGone.readAt);
  const deleted = runs.map(({ id }) => id);
  const ofRuns = { flowRunId: In(deleted) };
  await deleteFrom(connection, FlowRunStateEntity).where(ofRuns).execute();
  await deleteFrom(connection, FlowRunTagEntity).where(ofRuns).execute();
  await deleteExtras(connection, 'flowRun', deleted);
  await deleteTaskRunsOf(connection, deleted);
  await deleteFrom(connection, FlowRunEntity)
    .where({ id: In(deleted) })
    .execute();
  return deleted;
}
