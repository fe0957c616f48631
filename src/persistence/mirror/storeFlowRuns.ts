import { In } from 'typeorm';
import type { Extras } from '../../domain/extras';
import type { FlowRun } from '../../domain/flowRun';
import type { FlowRunId, StateId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { State } from '../../domain/state';
import { distinct } from '../../platform/distinct';
import type { Database } from '../connection/database';
import type { SqlExecutor } from '../connection/statements';
import { valueOf } from '../entities/columns';
import { FlowRunEntity, type FlowRunRow, flowRunRowOf } from '../entities/flowRun';
import { keyOf } from '../flowRuns/flowRuns';
import { findFlowRunStatesByIds } from '../flowRuns/rowsById';
import { deleteMirroredFlowRuns } from './deleteMirroredFlowRuns';
import { fittingKey, fittingText } from './fittingText';
import { isNewerThan, isOvertakenBy, type ReadTime } from './newerCopy';
import { findReadTimes, writeMarks } from './readMarks';
import { storeExtras } from './storeExtras';
import { storeLeases } from './storeLeases';
import { compareRows, lockRowsById, type RowChanges, writeChanges } from './storeRows';
import { insertStates } from './storeStates';
import { storeTags } from './storeTags';

/** A run as the server has it. */
export interface FlowRunCopy {
  flowRun: FlowRun;
  state: State | null;
  extras: Extras;
}

/** A run that is in another state than it was here. */
export interface StateChangeOfRun {
  flowRunId: FlowRunId;
  state: State;
  previousState: State | null;
}

const maxKeyCharacters = 512;

function rowOf(flowRun: FlowRun): FlowRunRow {
  const row = fittingText(FlowRunEntity.columns, flowRunRowOf(flowRun));
  const idempotencyKey = fittingKey(flowRun.idempotencyKey, maxKeyCharacters);
  return idempotencyKey === row.idempotencyKey ? row : { ...row, idempotencyKey };
}

/**
 * Deletes the runs that have the keys of new ones: the server, where keys are unique too, no longer has them. So it is each
 * time that a schedule is changed.
 */
async function deleteFormerHolders(
  database: Database,
  connection: SqlExecutor,
  added: readonly FlowRunRow[],
  readTime: ReadTime,
): Promise<void> {
  const keyed = added.filter(({ idempotencyKey }) => idempotencyKey !== null);
  if (keyed.length === 0) return;
  const keys = new Set(keyed.map(keyOf));
  const holders = await connection.getRepository(FlowRunEntity).find({
    select: { id: true, flowId: true, idempotencyKey: true },
    where: { idempotencyKey: In(distinct(keyed.map(({ idempotencyKey }) => idempotencyKey))) },
  });
  const former = holders.filter(holder => keys.has(keyOf(holder))).map(({ id }) => id);
  await deleteMirroredFlowRuns(database, connection, former, readTime);
}

/** A run whose current state is another one than it was. */
interface MovedRun {
  after: FlowRunRow;
  state: State | null;
  previousStateId: StateId | null;
}

function movedRunsOf(
  { added, changed }: RowChanges<FlowRunRow>,
  states: ReadonlyMap<FlowRunId, State | null>,
): MovedRun[] {
  const moved = changed.filter(({ before, after }) => before.stateId !== after.stateId);
  return [
    ...added.map(after => ({ after, previousStateId: null })),
    ...moved.map(({ before, after }) => ({ after, previousStateId: before.stateId })),
  ].map(run => ({ ...run, state: states.get(run.after.id) ?? null }));
}

/** Stores the states that runs came into, and returns them with those that they were in, each with its author. */
async function storeCurrentStates(
  connection: SqlExecutor,
  moved: readonly MovedRun[],
  readAt: Instant,
): Promise<StateChangeOfRun[]> {
  if (moved.length === 0) return [];
  const ids = distinct(moved.flatMap(({ state, previousStateId }) => [state?.id, previousStateId]));
  const stored = new Map((await findFlowRunStatesByIds(connection, ids)).map(state => [state.id, state]));
  const changes = moved.map(({ after, state, previousStateId }) => ({
    flowRunId: after.id,
    deploymentId: after.deploymentId,
    state: state && (stored.get(state.id) ?? state),
    previousState: (previousStateId && stored.get(previousStateId)) ?? null,
  }));
  const written = changes.flatMap(({ flowRunId, state, previousState }) =>
    state === null ? [] : [{ flowRunId, state, previousState }],
  );
  await insertStates(
    connection,
    written.filter(({ state }) => !stored.has(state.id)),
  );
  await storeLeases(connection, changes, readAt);
  return written;
}

/**
 * Stores copies of different runs, at most 200, in a fixed number of statements. A copy replaces only what was read before it.
 * Rows without a change are only marked as read.
 *
 * @param reading when they were read, and the walk that met them; null: none did.
 * @returns the runs that came into another state.
 */
export async function storeFlowRuns(
  database: Database,
  connection: SqlExecutor,
  copies: readonly FlowRunCopy[],
  reading: ReadTime & { walk: number | null },
): Promise<StateChangeOfRun[]> {
  if (copies.length === 0) return [];
  const { readAt, walk } = reading;
  const ids = copies.map(({ flowRun }) => flowRun.id);
  const stored = await lockRowsById(database, connection, FlowRunEntity, ids);
  const marked = await findReadTimes(connection, ids);
  const askedLater = copies.filter(({ flowRun }) => isNewerThan(marked.get(flowRun.id), reading));
  const isOvertaken = ({ id, updated }: FlowRun): boolean => {
    const [row, mark] = [stored.get(id), marked.get(id)];
    if (row === undefined || mark === undefined) return false;
    return isOvertakenBy(valueOf(row, FlowRunEntity.columns.updated), mark, { updated, readAt });
  };
  const newer = askedLater.filter(({ flowRun }) => !isOvertaken(flowRun));
  const changes = compareRows(
    FlowRunEntity,
    newer.map(({ flowRun }) => rowOf(flowRun)),
    stored,
  );
  await deleteFormerHolders(database, connection, changes.added, reading);
  await writeChanges(database, connection, FlowRunEntity, changes);
  await storeTags(connection, changes);
  await storeExtras(
    connection,
    newer.map(({ flowRun, extras }) => ({ id: flowRun.id, extras })),
  );
  const states = new Map(newer.map(({ flowRun, state }) => [flowRun.id, state]));
  const written = await storeCurrentStates(connection, movedRunsOf(changes, states), readAt);
  await writeMarks(connection, { ids: askedLater.map(({ flowRun }) => flowRun.id), marked, readAt, walk });
  return written;
}
