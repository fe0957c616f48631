import { In, IsNull } from 'typeorm';
import type { FlowRunId } from '../../domain/identifiers';
import type { State, StateAuthor } from '../../domain/state';
import { distinct } from '../../platform/distinct';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import { LockingQuery } from '../connection/lockingQuery';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { FlowRunEntity } from '../entities/flowRun';
import { FlowRunStateEntity, flowRunStateColumnsOf } from '../entities/state';
import { findFlowRunStatesByIds } from '../flowRuns/rowsById';
import { fittingText } from './fittingText';

/** A state of a run. */
interface StateOfRun {
  flowRunId: FlowRunId;
  state: State;
}

/** Inserts states that are not stored yet. */
export const insertStates = (connection: SqlExecutor, states: readonly StateOfRun[]): Promise<void> =>
  insertRows(
    connection,
    FlowRunStateEntity,
    states.map(({ flowRunId, state }) =>
      fittingText(FlowRunStateEntity.columns, { ...state, ...flowRunStateColumnsOf(state, flowRunId) }),
    ),
  );

const isBy = ({ actor, bulkOperationId }: StateAuthor): boolean => actor !== null || bulkOperationId !== null;

async function nameAuthor(
  connection: SqlExecutor,
  states: readonly State[],
  { actor, bulkOperationId }: StateAuthor,
): Promise<void> {
  await connection
    .getRepository<object>(FlowRunStateEntity)
    .update(
      { id: In(states.map(({ id }) => id)), actor: IsNull(), bulkOperationId: IsNull() },
      { actor, bulkOperationId },
    );
}

/** Locks the runs of states until the transaction ends, and returns the states of those that exist. */
async function lockRunsOf(
  { writer }: Database,
  connection: SqlExecutor,
  states: readonly StateOfRun[],
): Promise<StateOfRun[]> {
  const ids = distinct(states.map(({ flowRunId }) => flowRunId));
  const { tableName } = FlowRunEntity;
  const query = LockingQuery.ofIds(writer, tableName, `${tableName}.id AS id`, ids, 'forUpdate');
  const existing = new Set((await selectRows(connection, query)).map(row => row.id));
  return states.filter(({ flowRunId }) => existing.has(flowRunId));
}

/**
 * Stores states of runs: up to some hundred at once, which may be a whole history. A state that is stored stays as it is,
 * but gets its author where that was unknown: the server does not know authors, and its stream may be here first. The states
 * of a run whose copy was deleted meanwhile are left out: nothing would ever delete them.
 */
export async function storeStates(
  database: Database,
  connection: SqlExecutor,
  ofRuns: readonly StateOfRun[],
): Promise<void> {
  if (ofRuns.length === 0) return;
  const states = await lockRunsOf(database, connection, ofRuns);
  if (states.length === 0) return;
  const found = await findFlowRunStatesByIds(
    connection,
    states.map(({ state }) => state.id),
  );
  const stored = new Map(found.map(state => [state.id, state]));
  await insertStates(
    connection,
    states.filter(({ state }) => !stored.has(state.id)),
  );
  const byAuthor = new Map<string, State[]>();
  for (const { state } of states) {
    const known = stored.get(state.id);
    if (known === undefined || isBy(known) || !isBy(state)) continue;
    const author = JSON.stringify([state.actor, state.bulkOperationId]);
    byAuthor.set(author, [...(byAuthor.get(author) ?? []), state]);
  }
  for (const ofAuthor of byAuthor.values())
    if (ofAuthor[0] !== undefined) await nameAuthor(connection, ofAuthor, ofAuthor[0]);
}
