/** What each status of a bulk operation means. */
export const bulkOperationStatuses = {
  PLANNING: 'Its runs are being selected and decided, and no state is written.',
  PLANNED: 'The plan is ready and can be started.',
  EXPIRED: 'The plan was not started in time.',
  QUEUED: 'It waits for a worker.',
  SELECTING: 'Its runs are being written to the ledger.',
  RUNNING: 'Its runs are being moved.',
  PAUSED: 'No batch starts until it is resumed.',
  CANCELLED: 'It was cancelled; decided runs stay as they are.',
  COMPLETED: 'Every run was accepted, or skipped.',
  COMPLETED_WITH_FAILURES: 'Every run was decided, and some were not accepted.',
  FAILED: 'It broke off; `error` says why.',
} as const satisfies Record<string, string>;

/** The status of a bulk operation. */
export type BulkOperationStatus = keyof typeof bulkOperationStatuses;

/** The statuses in which a worker has work to do. */
export const activeStatuses = [
  'PLANNING',
  'QUEUED',
  'SELECTING',
  'RUNNING',
] as const satisfies readonly BulkOperationStatus[];

/** The statuses of an operation that has ended. */
export const endedStatuses: readonly BulkOperationStatus[] = [
  'EXPIRED',
  'CANCELLED',
  'COMPLETED',
  'COMPLETED_WITH_FAILURES',
  'FAILED',
];

/** Whether an operation has ended and no longer changes. */
export const hasEnded = ({ status }: { status: BulkOperationStatus }): boolean =>
  endedStatuses.includes(status);

/** What each command to a bulk operation does. */
export const bulkOperationCommandKinds = {
  PLAN: 'Created the operation as a plan.',
  START: 'Created and started the operation; also a retry or an undo.',
  START_PLANNED: 'Started the plan.',
  PAUSE: 'Paused the operation.',
  RESUME: 'Resumed the operation.',
  SET_RATE: 'Changed or removed its rate.',
  CANCEL: 'Cancelled the operation.',
} as const satisfies Record<string, string>;

/** What a command to a bulk operation does. */
export type BulkOperationCommandKind = keyof typeof bulkOperationCommandKinds;

/** Why an operation is paused. */
export const bulkOperationPauses = {
  REQUESTED: 'On request.',
  CANARY: 'For a review of the first runs.',
  FAILURE_RATIO: 'Too many of the last 100 runs were not accepted.',
  UPSTREAM_REFUSED: 'The Prefect server does not accept the credentials of the gateway.',
  UPSTREAM_UNREACHABLE: 'The Prefect server failed on twenty runs in a row.',
} as const satisfies Record<string, string>;

/** Why an operation is paused. */
export type BulkOperationPause = keyof typeof bulkOperationPauses;

/** What each status of one run of an operation means. */
export const bulkOperationItemStatuses = {
  PENDING: 'The run is not decided yet.',
  SENDING: 'The transition was sent to the Prefect server, and it is not known yet what became of it.',
  ACCEPT: 'The proposed state was written.',
  REJECT: 'Another state was written instead, or none.',
  ABORT: 'Nothing was written; with the code UPSTREAM_UNKNOWN it is not known whether anything was.',
  WAIT: 'Nothing was written; the run can be retried later.',
  SKIPPED: 'The run was skipped, because it no longer qualified.',
} as const satisfies Record<string, string>;

/** The status of one run of an operation. */
export type BulkOperationItemStatus = keyof typeof bulkOperationItemStatuses;

/** The statuses of an item that failed: the failure ratio counts them, and a retry repeats them. */
export const failedStatuses = [
  'REJECT',
  'ABORT',
  'WAIT',
] as const satisfies readonly BulkOperationItemStatus[];

/** Why a call about a bulk operation is refused, by the code that the caller receives. */
export const bulkOperationRefusals = {
  NOT_FOUND: 'There is no operation with this id.',
  EMPTY_FILTER: 'The filter has no condition, and `all` was not set.',
  UNEXPECTED_COUNT: 'The number of matching runs differs from the expected one.',
  TOO_MANY_MATCHED: 'More runs match than may be affected.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used for another input.',
  NOT_PLANNED: 'It is not a plan that waits to be started.',
  PLAN_EXPIRED: 'The plan was not started in time.',
  NOT_RUNNING: 'It is not running, so it cannot be paused.',
  NOT_PAUSED: 'It is not paused, so it cannot be resumed.',
  NOT_ENDED: 'It has not ended yet.',
  ALREADY_ENDED: 'It has ended.',
  ALREADY_UNDONE: 'It was undone before.',
  UNDO_OF_UNDO: 'It is an undo itself.',
  NOTHING_TO_DO: 'None of its runs qualifies.',
} as const satisfies Record<string, string>;

/** Why a call about a bulk operation is refused. */
export type BulkOperationRefusal = keyof typeof bulkOperationRefusals;
