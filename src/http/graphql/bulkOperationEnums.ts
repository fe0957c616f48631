import type {
  BulkOperationItemStatus as ItemStatus,
  BulkOperationPause as Pause,
  BulkOperationRefusal as Refusal,
  BulkOperationStatus as Status,
} from '../../domain/bulkOperation';
import { builder } from './builder';

const statuses: Record<Status, { description: string }> = {
  PLANNING: { description: 'Its runs are being selected and decided, and no state is written.' },
  PLANNED: { description: 'The plan is ready and can be started.' },
  EXPIRED: { description: 'The plan was not started in time.' },
  QUEUED: { description: 'It waits for a worker.' },
  SELECTING: { description: 'Its runs are being written to the ledger.' },
  RUNNING: { description: 'Its runs are being moved.' },
  PAUSED: { description: 'No batch starts until it is resumed.' },
  CANCELLED: { description: 'It was cancelled; decided runs stay as they are.' },
  COMPLETED: { description: 'Every run was accepted, or skipped.' },
  COMPLETED_WITH_FAILURES: { description: 'Every run was decided, and some were not accepted.' },
  FAILED: { description: 'It broke off; `error` says why.' },
};

export const BulkOperationStatus = builder.enumType('BulkOperationStatus', {
  description: 'The status of a bulk operation.',
  values: statuses,
});

const pauses: Record<Pause, { description: string }> = {
  REQUESTED: { description: 'On request.' },
  CANARY: { description: 'For a review of the first runs.' },
  FAILURE_RATIO: { description: 'Too many of the last 100 runs were not accepted.' },
};

export const BulkOperationPause = builder.enumType('BulkOperationPause', {
  description: 'Why a bulk operation is paused.',
  values: pauses,
});

const itemStatuses: Record<ItemStatus, { description: string }> = {
  PENDING: { description: 'The run is not decided yet.' },
  ACCEPT: { description: 'The proposed state was written.' },
  REJECT: { description: 'Another state was written instead, or none.' },
  ABORT: { description: 'Nothing was written.' },
  WAIT: { description: 'Nothing was written; the run can be retried later.' },
  SKIPPED: { description: 'The run was skipped, because it no longer qualified.' },
};

export const BulkOperationItemStatus = builder.enumType('BulkOperationItemStatus', {
  description: 'The result of one run of a bulk operation.',
  values: itemStatuses,
});

const refusals: Record<Refusal, { description: string }> = {
  NOT_FOUND: { description: 'There is no operation with this id.' },
  EMPTY_FILTER: { description: 'The filter has no condition, and `all` was not set.' },
  UNEXPECTED_COUNT: { description: 'The number of matching runs differs from the expected one.' },
  TOO_MANY_MATCHED: { description: 'More runs match than may be affected.' },
  IDEMPOTENCY_KEY_REUSED: { description: 'The key was used for another input.' },
  NOT_PLANNED: { description: 'It is not a plan that waits to be started.' },
  PLAN_EXPIRED: { description: 'The plan was not started in time.' },
  NOT_RUNNING: { description: 'It is not running, so it cannot be paused.' },
  NOT_PAUSED: { description: 'It is not paused, so it cannot be resumed.' },
  NOT_ENDED: { description: 'It has not ended yet.' },
  ALREADY_ENDED: { description: 'It has ended.' },
  ALREADY_UNDONE: { description: 'It was undone before.' },
  UNDO_OF_UNDO: { description: 'It is an undo itself.' },
  NOTHING_TO_DO: { description: 'None of its runs qualifies.' },
};

export const BulkOperationRefusal = builder.enumType('BulkOperationRefusal', {
  description: 'Why a call about a bulk operation was refused.',
  values: refusals,
});
