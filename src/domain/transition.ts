/** The type names of the details of each decision, equal to Prefect's. */
export const detailsTypes = {
  ACCEPT: 'accept_details',
  REJECT: 'reject_details',
  ABORT: 'abort_details',
  WAIT: 'wait_details',
} as const;

/** Why a run was not moved as proposed. The codes are stable. */
export const transitionCodes = [
  'DUPLICATE_TRANSITION',
  'ALREADY_TERMINAL',
  'ALREADY_COMPLETED',
  'RESULT_WOULD_BE_LOST',
  'NO_DEPLOYMENT',
  'CANCELLING_ONLY_TO_CANCELLED',
  'NO_INFRASTRUCTURE',
  'PENDING_NOT_ALLOWED',
  'CONCURRENCY_SLOT_LOST',
  'DEPLOYMENT_NOT_FOUND',
  'CONCURRENCY_LIMIT_ZERO',
  'CONCURRENCY_LIMIT_REACHED',
  'ONLY_SCHEDULED_CAN_BE_LATE',
  'ALREADY_LATE',
  'CANNOT_PAUSE_WITHOUT_STATE',
  'CANNOT_PAUSE_UNLESS_RUNNING',
  'PAUSE_ALREADY_FIRED',
  'CANNOT_SUSPEND_SUBFLOW',
  'CANNOT_SUSPEND_WITHOUT_DEPLOYMENT',
  'CANNOT_LEAVE_PAUSE',
  'CANNOT_RESUME_WITHOUT_DEPLOYMENT',
  'PAUSE_TIMED_OUT',
  'SCHEDULED_IN_FUTURE',
  'RETRYING',
  'FLOW_RUN_NOT_FOUND',
  'INTERNAL_ERROR',
  'NO_LONGER_MATCHES',
  'CHANGED_SINCE_PLAN',
  'CHANGED_SINCE_OPERATION',
  'NO_EARLIER_STATE',
] as const;
export type TransitionCode = (typeof transitionCodes)[number];
