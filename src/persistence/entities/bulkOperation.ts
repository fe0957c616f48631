import type {
  BeforeTransition,
  BulkOperation,
  BulkOperationBatch,
  BulkOperationCommand,
  BulkOperationDefinition,
  BulkOperationItem,
  BulkOperationOrigin,
  BulkOperationOutcome,
  SelectedRun,
  SelectionProgress,
} from '../../domain/bulkOperation';
import type {
  BulkOperationCommandKind,
  BulkOperationItemStatus,
  BulkOperationPause,
  BulkOperationStatus,
} from '../../domain/bulkOperationEnums';
import type { BulkOperationId, FlowRunId, StateId } from '../../domain/identifiers';
import type { Instant } from '../../domain/instant';
import type { TransitionCode } from '../../domain/transition';
import {
  type Column,
  flag,
  instant,
  integer,
  json,
  longText,
  nullable,
  primary,
  TableSchema,
  text,
  uuid,
  word,
} from './columns';

/** The columns of a table, by property. */
type ColumnsOf<Row extends object> = { [Property in keyof Row]: Column<Row[Property]> };

export const BulkOperationEntity = new TableSchema<ColumnsOf<BulkOperation & { deleted: Instant | null }>>(
  'BulkOperation',
  'bulk_operation',
  {
    id: primary(uuid<BulkOperationId>('id')),
    origin: word<BulkOperationOrigin>('origin'),
    status: word<BulkOperationStatus>('status'),
    pausedFor: nullable(word<BulkOperationPause>('paused_for')),
    error: nullable(longText('error')),
    definition: json<BulkOperationDefinition>('definition'),
    digest: text('digest', 64),
    idempotencyKey: nullable(text('idempotency_key')),
    actor: text('actor'),
    retryOf: nullable(uuid<BulkOperationId>('retry_of')),
    undoOf: nullable(uuid<BulkOperationId>('undo_of')),
    restores: nullable(uuid<BulkOperationId>('restores')),
    selection: nullable(json<SelectionProgress>('selection')),
    lastOrdinal: integer('last_ordinal'),
    lastPosition: integer('last_position'),
    canaryPassed: flag('canary_passed'),
    failureWindow: text('failure_window', 100),
    runsPerSecond: nullable(integer('runs_per_second')),
    pacedUntil: nullable(instant('paced_until')),
    matched: integer('matched'),
    pending: integer('pending'),
    accepted: integer('accepted'),
    rejected: integer('rejected'),
    aborted: integer('aborted'),
    waiting: integer('waiting'),
    skipped: integer('skipped'),
    outcomes: json<readonly BulkOperationOutcome[]>('outcomes'),
    plannedSlots: json<BulkOperation['plannedSlots']>('planned_slots'),
    created: instant('created'),
    planned: nullable(instant('planned')),
    expires: nullable(instant('expires')),
    started: nullable(instant('started')),
    ended: nullable(instant('ended')),
    rowsReadAt: nullable(instant('rows_read_at')),
    deleted: { ...nullable(instant('deleted')), deleteDate: true },
  },
);

export const BulkOperationCommandEntity = new TableSchema<ColumnsOf<BulkOperationCommand>>(
  'BulkOperationCommand',
  'bulk_operation_command',
  {
    id: primary(uuid('id')),
    operationId: uuid<BulkOperationId>('operation_id'),
    kind: word<BulkOperationCommandKind>('kind'),
    actor: text('actor'),
    at: instant('at'),
    runsPerSecond: nullable(integer('runs_per_second')),
  },
);

export const BulkOperationBatchEntity = new TableSchema<ColumnsOf<BulkOperationBatch>>(
  'BulkOperationBatch',
  'bulk_operation_batch',
  {
    operationId: primary(uuid<BulkOperationId>('operation_id')),
    firstOrdinal: primary(integer('first_ordinal')),
    lastOrdinal: integer('last_ordinal'),
    depth: integer('depth'),
    due: nullable(instant('due')),
    planned: nullable(instant('planned')),
    decided: nullable(instant('decided')),
    firstPosition: nullable(integer('first_position')),
  },
);

export const BulkOperationItemEntity = new TableSchema<ColumnsOf<BulkOperationItem>>(
  'BulkOperationItem',
  'bulk_operation_item',
  {
    operationId: primary(uuid<BulkOperationId>('operation_id')),
    ordinal: primary(integer('ordinal')),
    flowRunId: uuid<FlowRunId>('flow_run_id'),
    depth: integer('depth'),
    isMatch: flag('is_match'),
    matchesAbove: nullable(json<readonly FlowRunId[]>('matches_above')),
    status: word<BulkOperationItemStatus>('status'),
    code: nullable(word<TransitionCode>('code')),
    reason: nullable(longText('reason')),
    delaySeconds: nullable(integer('delay_seconds')),
    expectedStateId: nullable(uuid<StateId>('expected_state_id')),
    plannedStatus: nullable(word<BulkOperationItemStatus>('planned_status')),
    plannedCode: nullable(word<TransitionCode>('planned_code')),
    plannedReason: nullable(longText('planned_reason')),
    previousStateId: nullable(uuid<StateId>('previous_state_id')),
    stateId: nullable(uuid<StateId>('state_id')),
    before: nullable(json<BeforeTransition>('before_transition')),
    attempts: integer('attempts'),
    decided: nullable(instant('decided')),
    batch: nullable(integer('batch')),
    indexInBatch: nullable(integer('place')),
  },
);

export const SelectedRunEntity = new TableSchema<ColumnsOf<SelectedRun>>(
  'SelectedRun',
  'bulk_operation_selected_run',
  {
    operationId: primary(uuid<BulkOperationId>('operation_id')),
    flowRunId: primary(uuid<FlowRunId>('flow_run_id')),
    depth: integer('depth'),
    isMatch: flag('is_match'),
    isPassed: flag('is_passed'),
    matchesAbove: nullable(json<readonly FlowRunId[]>('matches_above')),
    expectedStateId: nullable(uuid<StateId>('expected_state_id')),
  },
);
