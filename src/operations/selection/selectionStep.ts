import type {
  BulkOperation,
  BulkOperationBatch,
  BulkOperationItem,
  SelectedRun,
  SelectionProgress,
} from '../../domain/bulkOperation';
import type { FlowRunId } from '../../domain/identifiers';
import type { SqlExecutor } from '../../persistence/connection/statements';
import { insertBatches } from '../../persistence/operations/batches';
import type { Services } from '../../transitions/services';
import { splitRange } from '../batches';

/** What one step of a selection works with. */
export interface SelectionStep {
  services: Services;
  connection: SqlExecutor;
  operation: BulkOperation;
  pageSize: number;
}

/** How far one phase of a selection has come. */
export type Phase<Name extends SelectionProgress['phase']> = Extract<SelectionProgress, { phase: Name }>;

/** What a step changes of the operation's own row. */
export type Changes = Partial<Pick<BulkOperation, 'selection' | 'lastOrdinal' | 'matched' | 'pending'>>;

/** A new item of an operation. */
export const itemOf = (
  { id: operationId }: Pick<BulkOperation, 'id'>,
  ordinal: number,
  flowRunId: FlowRunId,
  more: Partial<BulkOperationItem>,
): BulkOperationItem => ({
  operationId,
  ordinal,
  flowRunId,
  depth: 0,
  isMatch: true,
  matchesAbove: null,
  status: 'PENDING',
  code: null,
  reason: null,
  delaySeconds: null,
  expectedStateId: null,
  plannedStatus: null,
  plannedCode: null,
  plannedReason: null,
  previousStateId: null,
  stateId: null,
  before: null,
  attempts: 0,
  decided: null,
  batch: null,
  indexInBatch: null,
  ...more,
});

/** A run that a selection with subflows meets. */
export const selectedRunOf = (
  { id: operationId }: Pick<BulkOperation, 'id'>,
  flowRunId: FlowRunId,
  more: Partial<SelectedRun>,
): SelectedRun => ({
  operationId,
  flowRunId,
  depth: 0,
  isMatch: true,
  isPassed: false,
  matchesAbove: null,
  expectedStateId: null,
  ...more,
});

/** Makes the batches of freshly numbered items, all of one depth. */
export async function addBatches(
  { connection, operation, pageSize }: SelectionStep,
  first: number,
  last: number,
  depth: number,
): Promise<void> {
  const batches = splitRange(first, last, pageSize, operation.definition.canary).map(
    (range): BulkOperationBatch => ({
      operationId: operation.id,
      firstOrdinal: range.first,
      lastOrdinal: range.last,
      depth,
      due: null,
      planned: null,
      decided: null,
      firstPosition: null,
    }),
  );
  await insertBatches(connection, batches);
}

/** The operation's counts after a number of runs were added to its set. */
export const grownBy = ({ matched, pending }: BulkOperation, count: number): Changes => ({
  matched: matched + count,
  pending: pending + count,
});
