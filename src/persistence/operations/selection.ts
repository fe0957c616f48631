import type { EntityManager } from 'typeorm';
import type { FlowRunId } from '../../domain/identifiers';
import { type StateType, terminalStateTypes } from '../../domain/state';
import { placeholders } from '../connection/dialect';
import { type SqlExecutor, select } from '../connection/statements';
import type { RawRow } from '../entities/columns';
import type { CompiledFilter } from '../filter/compile';

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
  const rows: RawRow[] = await connection.query(
    'SELECT child.id AS id, child.state_type AS state_type, task_run.flow_run_id AS parent_id FROM task_run ' +
      'JOIN flow_run child ON child.parent_task_run_id = task_run.id ' +
      `WHERE task_run.flow_run_id IN (${placeholders(parentIds)})${after === null ? '' : ' AND child.id > ?'} ` +
      'ORDER BY task_run.flow_run_id DESC, child.id LIMIT ?',
    [...parentIds, ...(after === null ? [] : [after]), limit],
  );
  return rows.map(({ id, state_type, parent_id }) => ({
    id: id as FlowRunId,
    parentId: parent_id as FlowRunId,
    stateType: state_type as StateType | null,
  }));
}

/** How many runs match or are unfinished subflows, at any depth, of one that does. */
export async function countWithSubflows(
  manager: EntityManager,
  filter: CompiledFilter | null,
): Promise<number> {
  const where = filter === null ? '' : ` WHERE ${filter.sql}`;
  // UNION without ALL ends the walk of a cycle: no run is walked from twice.
  const rows = await select(
    manager.connection,
    manager,
    `WITH RECURSIVE tree (id) AS (SELECT run.id FROM flow_run run${where} UNION ` +
      'SELECT child.id FROM tree JOIN task_run ON task_run.flow_run_id = tree.id ' +
      'JOIN flow_run child ON child.parent_task_run_id = task_run.id) ' +
      'SELECT COUNT(*) AS count FROM tree JOIN flow_run run ON run.id = tree.id ' +
      `WHERE ${filter === null ? '1 = 1' : filter.sql} OR run.state_type IS NULL ` +
      'OR run.state_type NOT IN (:...finished)',
    { ...filter?.parameters, finished: [...terminalStateTypes] },
  );
  return Number(rows[0]?.count ?? 0);
}
