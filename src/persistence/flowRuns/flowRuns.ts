import { type EntityTarget, In, type ObjectLiteral } from 'typeorm';
import type { Extras } from '../../domain/extras';
import type { FlowRunFacts } from '../../domain/facts';
import type { FlowRun } from '../../domain/flowRun';
import type { FlowRunId, LeaseId } from '../../domain/identifiers';
import { holdsSlot, type State } from '../../domain/state';
import { distinct } from '../../platform/distinct';
import type { Database } from '../connection/database';
import { insertRows } from '../connection/hotInsertRows';
import { type SqlExecutor, selectRows } from '../connection/statements';
import { LeaseEntity } from '../entities/deployment';
import { FlowRunEntity, FlowRunTagEntity, flowRunOf, flowRunRowOf } from '../entities/flowRun';
import { FlowRunStateEntity, flowRunStateColumnsOf } from '../entities/state';
import type { FlowRunCondition } from '../filter/applyFlowRunFilter';
import { deleteExtras, insertExtras } from './extras';
import { findDeploymentFacts, findLeaseStandings } from './facts';
import { findFlowRunFacts } from './hotLockedFlowRunFacts';
import { freeSlots } from './leases';

/** A run to create, with its first state. */
export interface NewFlowRun {
  flowRun: FlowRun;
  state: State | null;
  extras: Extras;
}

type Keyed = Pick<FlowRun, 'flowId' | 'idempotencyKey'>;

/** What runs of the same flow and idempotency key have in common. */
export const keyOf = ({ flowId, idempotencyKey }: Keyed): string => `${flowId} ${idempotencyKey}`;

/** Returns the runs with one of these idempotency keys, by `keyOf`. */
export async function findByIdempotencyKeys(
  connection: SqlExecutor,
  runs: readonly Keyed[],
): Promise<Map<string, FlowRun>> {
  const keys = distinct(runs.map(run => run.idempotencyKey));
  if (keys.length === 0) return new Map();
  const query = connection
    .getRepository(FlowRunEntity)
    .createQueryBuilder('run')
    .select('run.*')
    .where({ idempotencyKey: In(keys) });
  const found = (await selectRows(connection, query)).map(flowRunOf);
  return new Map(found.map(run => [keyOf(run), run]));
}

/**
 * Creates runs and returns them in order. A run whose idempotency key exists in its flow, or earlier in the list, is
 * not created: the other run is returned.
 */
export async function insertFlowRuns(
  connection: SqlExecutor,
  runs: readonly NewFlowRun[],
): Promise<{ flowRun: FlowRun; created: boolean }[]> {
  const known = await findByIdempotencyKeys(
    connection,
    runs.map(run => run.flowRun),
  );
  const fresh: NewFlowRun[] = [];
  const results = runs.map(run => {
    const { flowRun } = run;
    const earlier = flowRun.idempotencyKey === null ? undefined : known.get(keyOf(flowRun));
    if (earlier) return { flowRun: earlier, created: false };
    if (flowRun.idempotencyKey !== null) known.set(keyOf(flowRun), flowRun);
    fresh.push(run);
    return { flowRun, created: true };
  });
  await insertRows(
    connection,
    FlowRunEntity,
    fresh.map(({ flowRun }) => flowRunRowOf(flowRun)),
  );
  const tags = fresh.flatMap(({ flowRun }) =>
    distinct(flowRun.tags).map(tag => ({ flowRunId: flowRun.id, tag })),
  );
  await insertRows(connection, FlowRunTagEntity, tags);
  const states = fresh.flatMap(({ flowRun, state }) =>
    state === null ? [] : [{ ...state, ...flowRunStateColumnsOf(state, flowRun.id) }],
  );
  await insertRows(connection, FlowRunStateEntity, states);
  await insertExtras(
    connection,
    fresh.map(({ flowRun, extras }) => ({ owner: { kind: 'flowRun', id: flowRun.id }, extras })),
  );
  return results;
}

const leaseOf = ({ state }: FlowRunFacts): LeaseId | undefined =>
  state?.stateDetails.deploymentConcurrencyLeaseId;

/** Frees the slots of runs before they are deleted, except slots already freed when their leases expired. */
async function freeSlotsOf(
  database: Database,
  connection: SqlExecutor,
  runs: readonly FlowRunFacts[],
): Promise<void> {
  const holding = runs.filter(run => holdsSlot(run.stateType));
  const deploymentIds = distinct(holding.map(run => run.deploymentId));
  const deployments = await findDeploymentFacts(database, connection, deploymentIds, 'forUpdate');
  const leases = await findLeaseStandings(
    database,
    connection,
    runs.map(leaseOf).filter(id => id !== undefined),
    'forUpdate',
  );
  const isRevoked = (id: LeaseId | undefined) => id !== undefined && leases.get(id) === 'revoked';
  const limited = holding
    .filter(run => !isRevoked(leaseOf(run)))
    .map(run => run.deploymentId)
    .filter(id => id !== null)
    .filter(id => deployments.get(id)?.concurrencyLimit !== null);
  await freeSlots(connection, limited);
  const ofHolders = new Set(holding.map(leaseOf));
  const ended = [...leases.keys()].filter(id => ofHolders.has(id) || isRevoked(id));
  if (ended.length > 0) await connection.getRepository(LeaseEntity).delete({ id: In(ended) });
}

// What a repository takes as a condition goes into JSON, which has no end.
const deleteFrom = (connection: SqlExecutor, table: EntityTarget<ObjectLiteral>) =>
  connection.getRepository(table).createQueryBuilder().delete();

/**
 * Deletes the given runs that still match, with their states and tags, and frees their slots.
 *
 * @returns the ids of the deleted runs, in the order of the input.
 */
export const deleteFlowRuns = (
  database: Database,
  ids: readonly FlowRunId[],
  filter: FlowRunCondition,
): Promise<FlowRunId[]> =>
  database.transaction(async connection => {
    const found = await findFlowRunFacts(database, connection, ids, filter, 'forUpdate');
    const runs = [...found.values()].flatMap(run => (run?.matches ? run.facts : []));
    if (runs.length === 0) return [];
    await freeSlotsOf(database, connection, runs);
    const deleted = runs.map(run => run.id);
    const ofRuns = { flowRunId: In(deleted) };
    await deleteFrom(connection, FlowRunStateEntity).where(ofRuns).execute();
    await deleteFrom(connection, FlowRunTagEntity).where(ofRuns).execute();
    await deleteExtras(connection, 'flowRun', deleted);
    await deleteFrom(connection, FlowRunEntity)
      .where({ id: In(deleted) })
      .execute();
    const gone = new Set(deleted);
    return ids.filter(id => gone.has(id));
  });
