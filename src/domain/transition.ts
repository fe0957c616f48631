/** The type names of the details of each decision, equal to Prefect's. */
export const detailsTypes = {
  ACCEPT: 'accept_details',
  REJECT: 'reject_details',
  ABORT: 'abort_details',
  WAIT: 'wait_details',
} as const;

/** What is decided about a run. */
export type VerdictStatus = keyof typeof detailsTypes;

/** What a code means to the person who reads it. Each text is one or two whole sentences. */
interface CodeMeaning {
  /** What was found. */
  meaning: string;
  /** What to do about it, and whether the same transition can succeed later. */
  remedy: string;
}

/** Why a run was not moved as proposed, and what to do about it. The codes are stable. */
export const transitionCodes = {
  DUPLICATE_TRANSITION: {
    meaning: 'The current state has the same transition id: this transition was written before.',
    remedy: 'Nothing is to be done. Trying again does not help.',
  },
  ALREADY_TERMINAL: {
    meaning: 'The run has ended, and an ended run cannot be cancelled, paused or marked as crashed.',
    remedy: 'Leave it, or propose SCHEDULED to run it again. Trying again does not help.',
  },
  ALREADY_COMPLETED: {
    meaning: 'The run is completed and has stored a result, so it does not run again.',
    remedy: 'Use `force` if it must run again. Trying again does not help.',
  },
  RESULT_WOULD_BE_LOST: {
    meaning: 'The run is completed with a stored result, and the proposed COMPLETED state has none.',
    remedy:
      'Send the result with the state, or leave the run. Trying again does not help, and neither does `force`.',
  },
  NO_DEPLOYMENT: {
    meaning: 'The run has ended and has no deployment, so no worker would start it again.',
    remedy: 'Run its flow again from where it was started. Trying again does not help.',
  },
  CANCELLING_ONLY_TO_CANCELLED: {
    meaning: 'The run is being cancelled: the next state can only be CANCELLED.',
    remedy: 'Wait until it is cancelled, or propose CANCELLED. Trying again helps once the run is cancelled.',
  },
  NO_INFRASTRUCTURE: {
    meaning:
      'Nothing runs that could be stopped, so the run was cancelled at once: it is CANCELLED, not CANCELLING.',
    remedy: 'Nothing is to be done. Trying again does not help.',
  },
  PENDING_NOT_ALLOWED: {
    meaning: 'A run that is pending, running, being cancelled or cancelled cannot become PENDING.',
    remedy: 'Leave it to the worker that has it. Trying again helps only after the run has left this state.',
  },
  CONCURRENCY_SLOT_LOST: {
    meaning: "The run's slot expired before it started, and no other was free: the run was cancelled.",
    remedy: 'Schedule it again when slots are free. Trying again helps then.',
  },
  DEPLOYMENT_NOT_FOUND: {
    meaning: "The run's deployment was deleted.",
    remedy: 'Create a run from another deployment. Trying again does not help.',
  },
  CONCURRENCY_LIMIT_ZERO: {
    meaning: "The deployment's concurrency limit is 0, so none of its runs may start.",
    remedy: 'Raise the limit. Trying again helps after that.',
  },
  CONCURRENCY_LIMIT_REACHED: {
    meaning:
      'All slots of the deployment are taken: the run was scheduled for later (ENQUEUE) or cancelled (CANCEL_NEW).',
    remedy: 'With ENQUEUE the worker tries again by itself. Otherwise try again when a slot is free.',
  },
  ONLY_SCHEDULED_CAN_BE_LATE: {
    meaning: 'Only a scheduled run can be marked as late.',
    remedy: 'Nothing is to be done. Trying again does not help.',
  },
  ALREADY_LATE: {
    meaning: 'The run is marked as late already.',
    remedy: 'Nothing is to be done. Trying again does not help.',
  },
  CANNOT_PAUSE_WITHOUT_STATE: {
    meaning: 'The run has no state yet, so there is nothing to pause.',
    remedy: 'Pause it once it is running. Trying again helps then.',
  },
  CANNOT_PAUSE_UNLESS_RUNNING: {
    meaning: 'Only a running run can be paused.',
    remedy: 'Pause it once it is running. Trying again helps then.',
  },
  PAUSE_ALREADY_FIRED: {
    meaning: 'The run was paused with this pause key before.',
    remedy: 'Use another pause key. Trying again with the same key does not help.',
  },
  CANNOT_SUSPEND_SUBFLOW: {
    meaning: 'A subflow cannot be suspended: it runs inside its parent.',
    remedy: 'Suspend the parent run, or pause without `pauseReschedule`. Trying again does not help.',
  },
  CANNOT_SUSPEND_WITHOUT_DEPLOYMENT: {
    meaning: 'The run has no deployment, so nothing could start it again after a suspension.',
    remedy: 'Pause without `pauseReschedule`. Trying again does not help.',
  },
  CANNOT_LEAVE_PAUSE: {
    meaning: 'A paused run cannot become PENDING or PAUSED.',
    remedy: 'Resume it by proposing RUNNING or SCHEDULED, or cancel it. Trying again does not help.',
  },
  CANNOT_RESUME_WITHOUT_DEPLOYMENT: {
    meaning: 'The run was suspended and has no deployment, so nothing could start it again.',
    remedy: 'Cancel it, and run its flow again from where it was started. Trying again does not help.',
  },
  PAUSE_TIMED_OUT: {
    meaning: 'The pause lasted longer than its time-out: the run was marked as FAILED.',
    remedy: 'Schedule the run again if it is still needed.',
  },
  SCHEDULED_IN_FUTURE: {
    meaning: 'The scheduled time of the run has not come.',
    remedy: 'Try again after the delay, or move the run to an earlier time.',
  },
  RETRYING: {
    meaning: 'The run failed and has retries left: it was scheduled to run again instead.',
    remedy: 'Nothing is to be done: it retries by itself. Use `force` to mark it as FAILED at once.',
  },
  FLOW_RUN_NOT_FOUND: {
    meaning: 'There is no run with this id, or it was deleted.',
    remedy: 'Check the id. Trying again does not help.',
  },
  INTERNAL_ERROR: {
    meaning:
      'The gateway could not process this run, and wrote nothing of it: an error, or another transaction held the run.',
    remedy: 'Try again. If it comes again, the log of the gateway has the cause.',
  },
  NO_LONGER_MATCHES: {
    meaning: 'The run matched the filter when it was selected, and another client moved it before its turn.',
    remedy: 'Check its current state. Trying again helps only if it matches again.',
  },
  CHANGED_SINCE_PLAN: {
    meaning: 'The run changed after the plan was made, so it was left as it is.',
    remedy: 'Make a new plan. Trying again helps.',
  },
  CHANGED_SINCE_OPERATION: {
    meaning: 'The run changed after the operation moved it, so the undo left it as it is.',
    remedy: 'Check its history, and move it by itself if it must be moved. Trying again does not help.',
  },
  UPSTREAM: {
    meaning:
      'The Prefect server that the gateway is attached to decided so by itself; the reason is in its words.',
    remedy: 'Read the reason and the current state of the run. Trying again helps where the reason is gone.',
  },
  UPSTREAM_FAILED: {
    meaning:
      'The Prefect server failed on this run five times in the same way, or cannot show it, and nothing of it was written.',
    remedy: 'Look into the log of the Prefect server. Trying again helps once its cause is gone.',
  },
  UPSTREAM_UNKNOWN: {
    meaning:
      'The Prefect server did not respond in time, or cannot show the history of the run: the run may have been moved, or may still be.',
    remedy: 'Check the run before you repeat the transition.',
  },
  NO_EARLIER_STATE: {
    meaning: 'The run had no state before the operation, so there is none to restore.',
    remedy: 'Move it by itself if it must be moved. Trying again does not help.',
  },
} as const satisfies Record<string, CodeMeaning>;
/** Why a run was not moved as proposed. */
export type TransitionCode = keyof typeof transitionCodes;
