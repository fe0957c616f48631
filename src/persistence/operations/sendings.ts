import { In, IsNull, Not } from 'typeorm';
import type { BulkOperationId, FlowRunId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { Sending } from '../../domain/sending';
import { insertRows } from '../connection/hotInsertRows';
import type { SqlExecutor } from '../connection/statements';
import { BulkOperationItemEntity } from '../entities/bulkOperation';
import { SendingEntity } from '../entities/mirror';

/** A transition of an item that was handed to a Prefect server, as it is stored. */
export interface StoredSending {
  operationId: BulkOperationId;
  flowRunId: FlowRunId;
  /** What was sent, and on which state. */
  content: Sending;
  /** How often it was tried without a known result. */
  tries: number;
  /** How often in a row it failed as it did last. */
  failuresAlike: number;
  lastFailure: string | null;
  /** When its result became known; null until then. */
  settled: Instant | null;
  /** Whether the state that it replaced is another one than planned. */
  movedAnotherState: boolean;
}

const sendings = (connection: SqlExecutor) => connection.getRepository(SendingEntity);

/** The unsettled sendings of these runs. */
export const findUnsettledSendings = (
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<StoredSending[]> =>
  flowRunIds.length === 0
    ? Promise.resolve([])
    : sendings(connection).findBy({ operationId, flowRunId: In(flowRunIds), settled: IsNull() });

/** The ordinal of the first item of an operation whose result is not known; null if there is none. */
export async function findFirstSending(
  connection: SqlExecutor,
  operationId: BulkOperationId,
): Promise<number | null> {
  const row = await connection
    .getRepository(BulkOperationItemEntity)
    .createQueryBuilder('item')
    .select('MIN(item.ordinal)', 'ordinal')
    .innerJoin(
      SendingEntity.tableName,
      'sending',
      'sending.operation_id = item.operationId AND sending.flow_run_id = item.flowRunId',
    )
    .where('item.operationId = :operationId', { operationId })
    .andWhere("item.status = 'SENDING'")
    .andWhere('sending.settled IS NULL')
    .getRawOne<{ ordinal: number | null }>();
  return row?.ordinal ?? null;
}

/** The operations that have sendings whose results are not known. */
export async function findOperationsWithUnsettledSendings(
  connection: SqlExecutor,
): Promise<BulkOperationId[]> {
  const found = await sendings(connection)
    .createQueryBuilder('sending')
    .select('DISTINCT sending.operationId', 'id')
    .where('sending.settled IS NULL')
    .getRawMany<{ id: BulkOperationId }>();
  return found.map(({ id }) => id);
}

/** Replaces the sendings of the same runs, if there are any. */
export async function writeSendings(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  rows: readonly StoredSending[],
): Promise<void> {
  await deleteSendings(
    connection,
    operationId,
    rows.map(({ flowRunId }) => flowRunId),
  );
  await insertRows(connection, SendingEntity, rows);
}

/** Forgets sendings that were not carried out. */
export async function deleteSendings(
  connection: SqlExecutor,
  operationId: BulkOperationId,
  flowRunIds: readonly FlowRunId[],
): Promise<void> {
  if (flowRunIds.length > 0) await sendings(connection).delete({ operationId, flowRunId: In(flowRunIds) });
}

/** Which of these items moved another state than planned, as `operation:run`. */
export async function findMovedAnotherState(
  connection: SqlExecutor,
  items: readonly { operationId: BulkOperationId; flowRunId: FlowRunId }[],
): Promise<Set<string>> {
  const found = await sendings(connection).findBy({
    operationId: In([...new Set(items.map(item => item.operationId))]),
    flowRunId: In(items.map(item => item.flowRunId)),
    movedAnotherState: true,
    settled: Not(IsNull()),
  });
  return new Set(found.map(({ operationId, flowRunId }) => `${operationId}:${flowRunId}`));
}
