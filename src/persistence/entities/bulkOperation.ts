import type {
  BeforeTransition,
  BulkOperation,
  BulkOperationBatch,
  BulkOperationDefinition,
  BulkOperationItem,
  BulkOperationItemStatus,
  BulkOperationOrigin,
  BulkOperationOutcome,
  BulkOperationPause,
  BulkOperationStatus,
  SelectedItem,
  SelectionProgress,
} from '../../domain/bulkOperation';
import type { BulkOperationId, FlowRunId, StateId } from '../../domain/identifiers';
import type { TransitionCode } from '../../domain/transition';
import {
  type Column,
  entity,
  flag,
  instant,
  json,
  nullableInstant,
  nullableJson,
  nullableLongText,
  nullableNumber,
  nullableText,
  number,
  primaryId,
  text,
} from './columns';

/** The columns of a table that keeps such things, property by property. */
type ColumnsOf<Row extends object> = { [Property in keyof Row]: Column<Row[Property]> };

export const bulkOperationColumns: ColumnsOf<BulkOperation> = {
  id: primaryId<BulkOperationId>('id'),
  origin: text<BulkOperationOrigin>('origin'),
  status: text<BulkOperationStatus>('status'),
  pausedFor: nullableText<BulkOperationPause>('paused_for'),
  error: nullableText('error'),
  definition: json<BulkOperationDefinition>('definition'),
  digest: text('digest'),
  idempotencyKey: nullableText('idempotency_key'),
  actor: text('actor'),
  retryOf: nullableText<BulkOperationId>('retry_of'),
  undoOf: nullableText<BulkOperationId>('undo_of'),
  restores: nullableText<BulkOperationId>('restores'),
  selection: nullableJson<SelectionProgress>('selection'),
  lastOrdinal: number('last_ordinal'),
  lastPosition: number('last_position'),
  canaryPassed: flag('canary_passed'),
  failureWindow: text('failure_window'),
  runsPerSecond: nullableNumber('runs_per_second'),
  pacedUntil: nullableInstant('paced_until'),
  matched: number('matched'),
  pending: number('pending'),
  accepted: number('accepted'),
  rejected: number('rejected'),
  aborted: number('aborted'),
  waiting: number('waiting'),
  skipped: number('skipped'),
  outcomes: json<readonly BulkOperationOutcome[]>('outcomes'),
  plannedSlots: json<BulkOperation['plannedSlots']>('planned_slots'),
  created: instant('created'),
  planned: nullableInstant('planned'),
  expires: nullableInstant('expires'),
  started: nullableInstant('started'),
  ended: nullableInstant('ended'),
};
export const BulkOperationEntity = entity('BulkOperation', 'bulk_operation', bulkOperationColumns);

export const bulkOperationBatchColumns: ColumnsOf<BulkOperationBatch> = {
  operationId: primaryId<BulkOperationId>('operation_id'),
  firstOrdinal: { ...number('first_ordinal'), primary: true },
  lastOrdinal: number('last_ordinal'),
  depth: number('depth'),
  due: nullableInstant('due'),
  planned: nullableInstant('planned'),
  decided: nullableInstant('decided'),
  firstPosition: nullableNumber('first_position'),
};
export const BulkOperationBatchEntity = entity(
  'BulkOperationBatch',
  'bulk_operation_batch',
  bulkOperationBatchColumns,
);

/** An item as its table keeps it, decided or still being selected. */
export type StoredItem = BulkOperationItem<BulkOperationItem['status'] | SelectedItem['status']>;

export const bulkOperationItemColumns: ColumnsOf<StoredItem> = {
  operationId: primaryId<BulkOperationId>('operation_id'),
  ordinal: { ...number('ordinal'), primary: true },
  flowRunId: text<FlowRunId>('flow_run_id'),
  depth: number('depth'),
  isMatch: flag('is_match'),
  matchesAbove: nullableJson<readonly FlowRunId[]>('matches_above'),
  status: text<StoredItem['status']>('status'),
  code: nullableText<TransitionCode>('code'),
  reason: nullableLongText('reason'),
  delaySeconds: nullableNumber('delay_seconds'),
  expectedStateId: nullableText<StateId>('expected_state_id'),
  plannedStatus: nullableText<BulkOperationItemStatus>('planned_status'),
  plannedCode: nullableText<TransitionCode>('planned_code'),
  plannedReason: nullableLongText('planned_reason'),
  previousStateId: nullableText<StateId>('previous_state_id'),
  stateId: nullableText<StateId>('state_id'),
  before: nullableJson<BeforeTransition>('before_transition'),
  attempts: number('attempts'),
  decided: nullableInstant('decided'),
  batch: nullableNumber('batch'),
  indexInBatch: nullableNumber('place'),
};
export const BulkOperationItemEntity = entity(
  'BulkOperationItem',
  'bulk_operation_item',
  bulkOperationItemColumns,
);
