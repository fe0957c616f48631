import { type EntityManager, In } from 'typeorm';
import type { FlowRunId } from '../../domain/identifiers';
import { type StateType, terminalStateTypes } from '../../domain/state';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { FlowRunEntity, type FlowRunRow } from '../entities/flowRun';
import { TaskRunEntity } from '../entities/taskRun';
import { applyFlowRunFilter, type FlowRunCondition, hasConditions } from '../filter/applyFlowRunFilter';

/** A subflow, and the run that it is a subflow of. */
export interface Subflow {
  id: FlowRunId;
  parentId: FlowRunId;
  stateType: StateType | null;
}

/** The next subflows of these runs, one step down: those of the newest run first, of each in ascending order of ids. */
export async function findSubflows(
  connection: SqlExecutor,
  parentIds: readonly FlowRunId[],
  after: FlowRunId | null,
  limit: number,
): Promise<Subflow[]> {
  if (parentIds.length === 0) return [];
  const query = connection
    .getRepository(TaskRunEntity)
    .createQueryBuilder('task_run')
    .select('child.id', 'id')
    .addSelect('child.stateType', 'state_type')
    .addSelect('task_run.flowRunId', 'parent_id')
    .innerJoin('flow_run', 'child', 'child.parentTaskRunId = task_run.id')
    .where({ flowRunId: In(parentIds) })
    .orderBy('task_run.flowRunId', 'DESC')
    .addOrderBy('child.id')
    .limit(limit);
  if (after !== null) query.andWhere('child.id > :after', { after });
  const rows = await selectRows(connection, query);
  return rows.map(({ id, state_type, parent_id }) => ({
    id: id as FlowRunId,
    parentId: parent_id as FlowRunId,
    stateType: state_type as StateType | null,
  }));
}

/** How many runs match or are unfinished subflows, at any depth, of one that does. */
export async function countWithSubflows(manager: EntityManager, filter: FlowRunCondition): Promise<number> {
  const matching = applyFlowRunFilter(
    manager.createQueryBuilder(FlowRunEntity, 'run').select('run.id', 'id'),
    filter,
  );
  const children = manager
    .createQueryBuilder()
    .select('child.id', 'id')
    .from('tree', 'tree')
    .innerJoin('task_run', 'task_run', 'task_run.flowRunId = tree.id')
    .innerJoin('flow_run', 'child', 'child.parentTaskRunId = task_run.id');
  const query = manager
    .createQueryBuilder()
    // UNION without ALL ends the walk of a cycle: no run is walked from twice.
    .addCommonTableExpression(`${matching.getQuery()} UNION ${children.getQuery()}`, 'tree', {
      recursive: true,
      columnNames: ['id'],
    })
    .select('COUNT(*)', 'count')
    .from<FlowRunRow>('tree', 'tree')
    .innerJoin('flow_run', 'run', 'run.id = tree.id')
    .setParameters(matching.getParameters());
  if (hasConditions(filter))
    applyFlowRunFilter(query, filter)
      .orWhere('run.stateType IS NULL')
      .orWhere('run.stateType NOT IN (:...finished)', { finished: [...terminalStateTypes] });
  const row = await query.getRawOne<{ count: string | number }>();
  return Number(row?.count ?? 0);
}
