/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A filter of operations. Absent conditions are ignored. */
export type BulkOperationFilter = {
  /** Was created by one of these callers; an empty list matches no operation. */
  actor?: Array<string> | null | undefined;
  /** Was created at or after this instant. */
  createdAfter?: string | null | undefined;
  /** Was created at or before this instant. */
  createdBefore?: string | null | undefined;
  /** Has this run as an item. */
  flowRunId?: string | null | undefined;
  /** Has one of these statuses; an empty list matches no operation. */
  status?: Array<BulkOperationStatus> | null | undefined;
};

/** One state for any number of runs. */
export type BulkOperationInput = {
  /** Confirms a filter without a condition. */
  all?: boolean;
  /** Pauses after this many runs, for a review. */
  canary?: number | null | undefined;
  /** Refused if another number of runs matches. */
  expectedCount?: number | null | undefined;
  /** Must have a condition; an operation on every run needs `all: true`. */
  flowRuns: FlowRunFilter;
  /** Whether the minimal policy decides instead of all the rules; needs the scope `force`. */
  force?: boolean;
  /** The same key with the same input returns the existing operation. */
  idempotencyKey?: string | null | undefined;
  /** Unfinished subflow runs below the matching runs, at any depth, are moved too, deepest first. */
  includeSubflows?: boolean;
  /** Refused if more runs match. */
  maxAffected?: number | null | undefined;
  /** 0 to 1: pauses when more than this share of the last 100 decided runs was not ACCEPTed. */
  pauseAboveFailureRatio?: number | null | undefined;
  /** The reason for the audit trail. */
  reason: string;
  /** Retries runs with the verdict WAIT after their delay, for at most an hour (configurable). */
  retryWaits?: boolean;
  /** The maximum number of runs per second; no limit by default. */
  runsPerSecond?: number | null | undefined;
  /** The state to propose to each run. */
  state: StateCreate;
};

/** The result of one run of a bulk operation. */
export type BulkOperationItemStatus =
  /** Nothing was written; with the code UPSTREAM_UNKNOWN it is not known whether anything was. */
  | 'ABORT'
  /** The proposed state was written. */
  | 'ACCEPT'
  /** The run is not decided yet. */
  | 'PENDING'
  /** Another state was written instead, or none. */
  | 'REJECT'
  /** The transition was sent to the Prefect server, and it is not known yet what became of it. */
  | 'SENDING'
  /** The run was skipped, because it no longer qualified. */
  | 'SKIPPED'
  /** Nothing was written; the run can be retried later. */
  | 'WAIT';

/** Why a bulk operation is paused. */
export type BulkOperationPause =
  /** For a review of the first runs. */
  | 'CANARY'
  /** Too many of the last 100 runs were not accepted. */
  | 'FAILURE_RATIO'
  /** On request. */
  | 'REQUESTED'
  /** The Prefect server does not accept the credentials of the gateway. */
  | 'UPSTREAM_REFUSED'
  /** The Prefect server failed on twenty runs in a row. */
  | 'UPSTREAM_UNREACHABLE';

/** Why a call about a bulk operation was refused. */
export type BulkOperationRefusal =
  /** It has ended. */
  | 'ALREADY_ENDED'
  /** It was undone before. */
  | 'ALREADY_UNDONE'
  /** The filter has no condition, and `all` was not set. */
  | 'EMPTY_FILTER'
  /** The key was used for another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** None of its runs qualifies. */
  | 'NOTHING_TO_DO'
  /** It has not ended yet. */
  | 'NOT_ENDED'
  /** There is no operation with this id. */
  | 'NOT_FOUND'
  /** It is not paused, so it cannot be resumed. */
  | 'NOT_PAUSED'
  /** It is not a plan that waits to be started. */
  | 'NOT_PLANNED'
  /** It is not running, so it cannot be paused. */
  | 'NOT_RUNNING'
  /** The plan was not started in time. */
  | 'PLAN_EXPIRED'
  /** More runs match than may be affected. */
  | 'TOO_MANY_MATCHED'
  /** It is an undo itself. */
  | 'UNDO_OF_UNDO'
  /** The number of matching runs differs from the expected one. */
  | 'UNEXPECTED_COUNT';

/** The status of a bulk operation. */
export type BulkOperationStatus =
  /** It was cancelled; decided runs stay as they are. */
  | 'CANCELLED'
  /** Every run was accepted, or skipped. */
  | 'COMPLETED'
  /** Every run was decided, and some were not accepted. */
  | 'COMPLETED_WITH_FAILURES'
  /** The plan was not started in time. */
  | 'EXPIRED'
  /** It broke off; `error` says why. */
  | 'FAILED'
  /** No batch starts until it is resumed. */
  | 'PAUSED'
  /** The plan is ready and can be started. */
  | 'PLANNED'
  /** Its runs are being selected and decided, and no state is written. */
  | 'PLANNING'
  /** It waits for a worker. */
  | 'QUEUED'
  /** Its runs are being moved. */
  | 'RUNNING'
  /** Its runs are being written to the ledger. */
  | 'SELECTING';

/** Which deployments. A condition that is absent or empty is ignored; if none is left, every deployment matches. */
export type DeploymentFilter = {
  /** The flow of the deployment matches. */
  flow?: FlowFilter | null | undefined;
  /** By id. */
  id?: DeploymentFilterId | null | undefined;
  /** By name. */
  name?: DeploymentFilterName | null | undefined;
  /** How the conditions are combined. */
  operator?: FilterOperator;
};

/** By id. */
export type DeploymentFilterId = {
  /** Is one of these; an empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string> | null | undefined;
};

/** By name. */
export type DeploymentFilterName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Holds this text, in whatever case; `%` and `_` are ordinary characters. */
  like?: string | null | undefined;
};

/** How conditions are combined. */
export type FilterOperator =
  /** All must hold. */
  | 'AND'
  /** One must hold. */
  | 'OR';

/** Which flows. A condition that is absent or empty is ignored; if none is left, every flow matches. */
export type FlowFilter = {
  /** By id. */
  id?: FlowFilterId | null | undefined;
  /** By name. */
  name?: FlowFilterName | null | undefined;
  /** How the conditions are combined. */
  operator?: FilterOperator;
};

/** By id. */
export type FlowFilterId = {
  /** Is one of these; an empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string> | null | undefined;
};

/** By name. */
export type FlowFilterName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Holds this text, in whatever case; `%` and `_` are ordinary characters. */
  like?: string | null | undefined;
};

/** Which runs. A group that is absent or empty is ignored; if no group is left, every run matches. */
export type FlowRunFilter = {
  /** By who made the run. */
  createdBy?: FlowRunFilterCreatedBy | null | undefined;
  /** The run has a deployment, and it matches. */
  deployment?: DeploymentFilter | null | undefined;
  /** By deployment. */
  deploymentId?: FlowRunFilterDeploymentId | null | undefined;
  /** By end time. */
  endTime?: FlowRunFilterEndTime | null | undefined;
  /** By expected start time. */
  expectedStartTime?: FlowRunFilterExpectedStartTime | null | undefined;
  /** The run's flow matches. */
  flow?: FlowFilter | null | undefined;
  /** By the version of the flow. */
  flowVersion?: FlowRunFilterFlowVersion | null | undefined;
  /** By id. */
  id?: FlowRunFilterId | null | undefined;
  /** By idempotency key. */
  idempotencyKey?: FlowRunFilterIdempotencyKey | null | undefined;
  /** By name. */
  name?: FlowRunFilterName | null | undefined;
  /** By next scheduled start time. */
  nextScheduledStartTime?: FlowRunFilterNextScheduledStartTime | null | undefined;
  /** How the groups are combined. */
  operator?: FilterOperator;
  /** By the flow run above. */
  parentFlowRunId?: FlowRunFilterParentFlowRunId | null | undefined;
  /** By the parent task run. */
  parentTaskRunId?: FlowRunFilterParentTaskRunId | null | undefined;
  /** By start time, else expected start time. */
  startTime?: FlowRunFilterStartTime | null | undefined;
  /** By the state that a run is in. */
  state?: FlowRunFilterState | null | undefined;
  /** By tags. */
  tags?: FlowRunFilterTags | null | undefined;
  /** By work queue. */
  workQueueName?: FlowRunFilterWorkQueueName | null | undefined;
};

/** By who made the run. */
export type FlowRunFilterCreatedBy = {
  /** The creator has one of these ids; an empty list matches no run. */
  id?: Array<string> | null | undefined;
  /** true: no creator is known; false: one is, even one without an id or a type. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
  /** The creator is of exactly one of these types; an empty list matches no run. */
  type?: Array<string> | null | undefined;
};

/** By deployment. */
export type FlowRunFilterDeploymentId = {
  /** Is one of these; an empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** true: has no deployment; false: has one. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By end time. */
export type FlowRunFilterEndTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
  /** true: has no end time; false: has one. */
  isNull?: boolean | null | undefined;
};

/** By expected start time. */
export type FlowRunFilterExpectedStartTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
};

/** By the version of the flow. */
export type FlowRunFilterFlowVersion = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing. */
  any?: Array<string> | null | undefined;
};

/** By id. */
export type FlowRunFilterId = {
  /** Is one of these; an empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string> | null | undefined;
};

/** By idempotency key. */
export type FlowRunFilterIdempotencyKey = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string> | null | undefined;
};

/** By name. */
export type FlowRunFilterName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Holds this text, in whatever case; `%` and `_` are ordinary characters. */
  like?: string | null | undefined;
};

/** By next scheduled start time. */
export type FlowRunFilterNextScheduledStartTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
};

/** By the flow run that owns the parent task run. */
export type FlowRunFilterParentFlowRunId = {
  /** Is one of these; an empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By the parent task run. */
export type FlowRunFilterParentTaskRunId = {
  /** Is one of these; an empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** true: is not a subflow; false: is one. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By start time, or by expected start time if there is no start time. */
export type FlowRunFilterStartTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
  /** true: has no start time; false: has one. Expected start time does not count here. */
  isNull?: boolean | null | undefined;
};

/** By the state that a run is in. */
export type FlowRunFilterState = {
  /** By its message. */
  message?: FlowRunFilterStateMessage | null | undefined;
  /** By its name. */
  name?: FlowRunFilterStateName | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
  /** By when it was entered. */
  timestamp?: FlowRunFilterStateTimestamp | null | undefined;
  /** By its type. */
  type?: FlowRunFilterStateType | null | undefined;
};

/** By the message of the state. A state without a message never matches. */
export type FlowRunFilterStateMessage = {
  /** Holds this text, in whatever case; `%` and `_` are ordinary characters. */
  like?: string | null | undefined;
};

/** By the name of the state. */
export type FlowRunFilterStateName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string> | null | undefined;
};

/** By the instant at which the state was entered. */
export type FlowRunFilterStateTimestamp = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
};

/** By the type of the state. */
export type FlowRunFilterStateType = {
  /** Is one of these; an empty list matches nothing. */
  any?: Array<StateType> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<StateType> | null | undefined;
};

/** By tags. */
export type FlowRunFilterTags = {
  /** Has all of these. */
  all?: Array<string> | null | undefined;
  /** Has one of these; an empty list matches no run. */
  any?: Array<string> | null | undefined;
  /** true: has no tags; false: has some. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By the name of the work queue. */
export type FlowRunFilterWorkQueueName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing. */
  any?: Array<string> | null | undefined;
  /** true: has no work queue; false: has one. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** The order of runs; ties are broken by id, newest first. */
export type FlowRunSort =
  /** By end time; nulls first. */
  | 'END_TIME_DESC'
  /** By expected start time; nulls last. */
  | 'EXPECTED_START_TIME_ASC'
  /** By expected start time; nulls first. */
  | 'EXPECTED_START_TIME_DESC'
  /** Newest first. */
  | 'ID_DESC'
  /** By name, in the order of code points. */
  | 'NAME_ASC'
  /** By name, in descending order of code points. */
  | 'NAME_DESC'
  /** By next scheduled start time; nulls last. */
  | 'NEXT_SCHEDULED_START_TIME_ASC'
  /** By start time, or expected start time if there is none; nulls last. */
  | 'START_TIME_ASC'
  /** By start time, or expected start time if there is none; nulls first. */
  | 'START_TIME_DESC';

/** How far the copy of the runs of a Prefect server is. */
export type MirrorPhase =
  /** It has all runs, but cannot follow now: what it shows may be old. */
  | 'BEHIND'
  /** It has all runs, and follows their changes. */
  | 'FOLLOWING'
  /** Its runs are being copied for the first time, or again: what is not copied yet is not found. */
  | 'WALKING';

/** What a caller may do. */
export type Scope =
  /** All of the above. */
  | 'admin'
  /** Move runs with `force: true`, past the rules. Needed beside `write` or `operate`. */
  | 'force'
  /** Plan, start and steer bulk operations. */
  | 'operate'
  /** Read runs, operations and everything else that is stored. */
  | 'read'
  /** Create, move and delete runs. */
  | 'write';

/** A state to propose. */
export type StateCreate = {
  /** The result, or a reference to it. Data whose type is "unpersisted" is echoed, never stored. */
  data?: unknown;
  /** A message for people. */
  message?: string | null | undefined;
  /** The name of the state; the capitalized type by default. */
  name?: string | null | undefined;
  /** The details of the state. */
  stateDetails?: StateDetailsInput | null | undefined;
  /** The type of the state. */
  type: StateType;
};

/** The details of a proposed state. */
export type StateDetailsInput = {
  /** Until when a cached result may be used. */
  cacheExpiration?: string | null | undefined;
  /** The key that the result is cached under. */
  cacheKey?: string | null | undefined;
  /** The subflow whose state was copied to its parent task run. */
  childFlowRunId?: string | null | undefined;
  /** Whether the run was deferred to another process. */
  deferred?: boolean | null | undefined;
  /** The lease on the slot that the run holds. */
  deploymentConcurrencyLeaseId?: string | null | undefined;
  /** The flow run that is in the state. */
  flowRunId?: string | null | undefined;
  /** The key of the pause; each pause fires once. */
  pauseKey?: string | null | undefined;
  /** Whether the run was suspended: a new process resumes it. */
  pauseReschedule?: boolean | null | undefined;
  /** When a pause times out. */
  pauseTimeout?: string | null | undefined;
  /** Whether a cached result must not be used. */
  refreshCache?: boolean | null | undefined;
  /** Whether the run may be retried. */
  retriable?: boolean | null | undefined;
  /** The keys under which a paused run awaits input. */
  runInputKeyset?: unknown;
  /** When the run is due to start. */
  scheduledTime?: string | null | undefined;
  /** The id of the stored parameters of a deferred task. */
  taskParametersId?: string | null | undefined;
  /** The task run that is in the state, or that stands for the subflow. */
  taskRunId?: string | null | undefined;
  /** The W3C trace context that the run belongs to. */
  traceparent?: string | null | undefined;
  /** The id of the transition; a transition that is sent twice happens once. */
  transitionId?: string | null | undefined;
  /** Whether the result cannot be followed. */
  untrackableResult?: boolean | null | undefined;
};

/** The type of a state. COMPLETED, FAILED, CANCELLED and CRASHED are terminal. */
export type StateType =
  /** The run was cancelled and has stopped. */
  | 'CANCELLED'
  /** The run is to be cancelled; its worker has yet to stop it. */
  | 'CANCELLING'
  /** The run ended successfully. */
  | 'COMPLETED'
  /** The run ended because its process or machine failed. */
  | 'CRASHED'
  /** The run ended with an error of its own code. */
  | 'FAILED'
  /** The run waits until it is resumed. */
  | 'PAUSED'
  /** A worker has taken the run and prepares its start. */
  | 'PENDING'
  /** The code of the run is executing. */
  | 'RUNNING'
  /** The run starts at its scheduled time, once a worker takes it. */
  | 'SCHEDULED';

/** Why a run was not moved as proposed. The codes are stable. */
export type TransitionCode =
  /** The run is completed and has stored a result, so it does not run again. Use `force` if it must run again. Trying again does not help. */
  | 'ALREADY_COMPLETED'
  /** The run is marked as late already. Nothing is to be done. Trying again does not help. */
  | 'ALREADY_LATE'
  /** The run has ended, and an ended run cannot be cancelled, paused or marked as crashed. Leave it, or propose SCHEDULED to run it again. Trying again does not help. */
  | 'ALREADY_TERMINAL'
  /** The run is being cancelled: the next state can only be CANCELLED. Wait until it is cancelled, or propose CANCELLED. Trying again helps once the run is cancelled. */
  | 'CANCELLING_ONLY_TO_CANCELLED'
  /** A paused run cannot become PENDING or PAUSED. Resume it by proposing RUNNING or SCHEDULED, or cancel it. Trying again does not help. */
  | 'CANNOT_LEAVE_PAUSE'
  /** Only a running run can be paused. Pause it once it is running. Trying again helps then. */
  | 'CANNOT_PAUSE_UNLESS_RUNNING'
  /** The run has no state yet, so there is nothing to pause. Pause it once it is running. Trying again helps then. */
  | 'CANNOT_PAUSE_WITHOUT_STATE'
  /** The run was suspended and has no deployment, so nothing could start it again. Cancel it, and run its flow again from where it was started. Trying again does not help. */
  | 'CANNOT_RESUME_WITHOUT_DEPLOYMENT'
  /** A subflow cannot be suspended: it runs inside its parent. Suspend the parent run, or pause without `pauseReschedule`. Trying again does not help. */
  | 'CANNOT_SUSPEND_SUBFLOW'
  /** The run has no deployment, so nothing could start it again after a suspension. Pause without `pauseReschedule`. Trying again does not help. */
  | 'CANNOT_SUSPEND_WITHOUT_DEPLOYMENT'
  /** The run changed after the operation moved it, so the undo left it as it is. Check its history, and move it by itself if it must be moved. Trying again does not help. */
  | 'CHANGED_SINCE_OPERATION'
  /** The run changed after the plan was made, so it was left as it is. Make a new plan. Trying again helps. */
  | 'CHANGED_SINCE_PLAN'
  /** All slots of the deployment are taken: the run was scheduled for later (ENQUEUE) or cancelled (CANCEL_NEW). With ENQUEUE the worker tries again by itself. Otherwise try again when a slot is free. */
  | 'CONCURRENCY_LIMIT_REACHED'
  /** The deployment's concurrency limit is 0, so none of its runs may start. Raise the limit. Trying again helps after that. */
  | 'CONCURRENCY_LIMIT_ZERO'
  /** The run's slot expired before it started, and no other was free: the run was cancelled. Schedule it again when slots are free. Trying again helps then. */
  | 'CONCURRENCY_SLOT_LOST'
  /** The run's deployment was deleted. Create a run from another deployment. Trying again does not help. */
  | 'DEPLOYMENT_NOT_FOUND'
  /** The current state has the same transition id: this transition was written before. Nothing is to be done. Trying again does not help. */
  | 'DUPLICATE_TRANSITION'
  /** There is no run with this id, or it was deleted. Check the id. Trying again does not help. */
  | 'FLOW_RUN_NOT_FOUND'
  /** The gateway could not process this run, and wrote nothing of it: an error, or another transaction held the run. Try again. If it comes again, the log of the gateway has the cause. */
  | 'INTERNAL_ERROR'
  /** The run has ended and has no deployment, so no worker would start it again. Run its flow again from where it was started. Trying again does not help. */
  | 'NO_DEPLOYMENT'
  /** The run had no state before the operation, so there is none to restore. Move it by itself if it must be moved. Trying again does not help. */
  | 'NO_EARLIER_STATE'
  /** Nothing runs that could be stopped, so the run was cancelled at once: it is CANCELLED, not CANCELLING. Nothing is to be done. Trying again does not help. */
  | 'NO_INFRASTRUCTURE'
  /** The run matched the filter when it was selected, and another client moved it before its turn. Check its current state. Trying again helps only if it matches again. */
  | 'NO_LONGER_MATCHES'
  /** Only a scheduled run can be marked as late. Nothing is to be done. Trying again does not help. */
  | 'ONLY_SCHEDULED_CAN_BE_LATE'
  /** The run was paused with this pause key before. Use another pause key. Trying again with the same key does not help. */
  | 'PAUSE_ALREADY_FIRED'
  /** The pause lasted longer than its time-out: the run was marked as FAILED. Schedule the run again if it is still needed. */
  | 'PAUSE_TIMED_OUT'
  /** A run that is pending, running, being cancelled or cancelled cannot become PENDING. Leave it to the worker that has it. Trying again helps only after the run has left this state. */
  | 'PENDING_NOT_ALLOWED'
  /** The run is completed with a stored result, and the proposed COMPLETED state has none. Send the result with the state, or leave the run. Trying again does not help, and neither does `force`. */
  | 'RESULT_WOULD_BE_LOST'
  /** The run failed and has retries left: it was scheduled to run again instead. Nothing is to be done: it retries by itself. Use `force` to mark it as FAILED at once. */
  | 'RETRYING'
  /** The scheduled time of the run has not come. Try again after the delay, or move the run to an earlier time. */
  | 'SCHEDULED_IN_FUTURE'
  /** The Prefect server that the gateway is attached to decided so by itself; the reason is in its words. Read the reason and the current state of the run. Trying again helps where the reason is gone. */
  | 'UPSTREAM'
  /** The Prefect server failed on this run five times in the same way, or cannot show it, and nothing of it was written. Look into the log of the Prefect server. Trying again helps once its cause is gone. */
  | 'UPSTREAM_FAILED'
  /** The Prefect server did not respond in time, or cannot show the history of the run: the run may have been moved, or may still be. Check the run before you repeat the transition. */
  | 'UPSTREAM_UNKNOWN';

export type MirrorQueryVariables = Exact<{
  isCopying: boolean;
}>;


export type MirrorQuery = { server: { mirror: { phase: MirrorPhase, lagSeconds: number | null, lastSweep: string | null, runs?: number } | null } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { name: string, scopes: Array<Scope> }, server: { attachedTo: string | null } };

export type OperationDetailsFragment = { planned: string | null, expires: string | null, flowRuns: unknown, all: boolean, force: boolean, includeSubflows: boolean, retryWaits: boolean, canary: number | null, pauseAboveFailureRatio: number | null, id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, outcomes: Array<{ status: BulkOperationItemStatus, code: TransitionCode | null, count: number }>, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null };

export type OperationPageQueryVariables = Exact<{
  id: string;
}>;


export type OperationPageQuery = { bulkOperation: { planned: string | null, expires: string | null, flowRuns: unknown, all: boolean, force: boolean, includeSubflows: boolean, retryWaits: boolean, canary: number | null, pauseAboveFailureRatio: number | null, id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, outcomes: Array<{ status: BulkOperationItemStatus, code: TransitionCode | null, count: number }>, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null } | null };

export type OperationDetailsProgressSubscriptionVariables = Exact<{
  id: string;
}>;


export type OperationDetailsProgressSubscription = { bulkOperationProgress: { planned: string | null, expires: string | null, flowRuns: unknown, all: boolean, force: boolean, includeSubflows: boolean, retryWaits: boolean, canary: number | null, pauseAboveFailureRatio: number | null, id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, outcomes: Array<{ status: BulkOperationItemStatus, code: TransitionCode | null, count: number }>, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null } };

export type OperationItemsQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  status?: Array<BulkOperationItemStatus> | BulkOperationItemStatus | null | undefined;
  code?: Array<TransitionCode> | TransitionCode | null | undefined;
  flowRunId?: string | null | undefined;
}>;


export type OperationItemsQuery = { bulkOperation: { items: { nodes: Array<{ id: string, flowRunId: string, status: BulkOperationItemStatus, code: TransitionCode | null, reason: string | null, decided: string | null, movedAnotherState: boolean, flowRun: { name: string } | null, planned: { status: BulkOperationItemStatus, code: TransitionCode | null, reason: string | null } | null, previousState: { type: StateType, name: string } | null, state: { type: StateType, name: string } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type OperationRowFragment = { id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null };

export type OperationsPageQueryVariables = Exact<{
  filter?: BulkOperationFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type OperationsPageQuery = { bulkOperations: { nodes: Array<{ id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type OperationChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type OperationChangedSubscription = { bulkOperationChanged: { id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null } };

export type RetryOperationMutationVariables = Exact<{
  id: string;
  reason: string;
  codes?: Array<TransitionCode> | TransitionCode | null | undefined;
  idempotencyKey?: string | null | undefined;
}>;


export type RetryOperationMutation = { result:
    | { __typename: 'BulkOperation', id: string }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string }
   };

export type UndoOperationMutationVariables = Exact<{
  id: string;
  reason: string;
  idempotencyKey?: string | null | undefined;
}>;


export type UndoOperationMutation = { result:
    | { __typename: 'BulkOperation', id: string }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string }
   };

export type PauseOperationMutationVariables = Exact<{
  id: string;
}>;


export type PauseOperationMutation = { result:
    | { __typename: 'BulkOperation', id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string }
   };

export type ResumeOperationMutationVariables = Exact<{
  id: string;
}>;


export type ResumeOperationMutation = { result:
    | { __typename: 'BulkOperation', id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string }
   };

export type CancelOperationMutationVariables = Exact<{
  id: string;
}>;


export type CancelOperationMutation = { result:
    | { __typename: 'BulkOperation', id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string }
   };

export type SetOperationRateMutationVariables = Exact<{
  id: string;
  runsPerSecond?: number | null | undefined;
}>;


export type SetOperationRateMutation = { result:
    | { __typename: 'BulkOperation', id: string, status: BulkOperationStatus, pausedFor: BulkOperationPause | null, actor: string, reason: string, created: string, started: string | null, ended: string | null, error: string | null, runsPerSecond: number | null, estimatedSecondsLeft: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, state: { type: StateType, name: string } | null, undoOf: { id: string } | null, undoneBy: { id: string, status: BulkOperationStatus } | null, retryOf: { id: string } | null }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string }
   };

export type RunPageQueryVariables = Exact<{
  id: string;
}>;


export type RunPageQuery = { flowRun: { id: string, name: string, created: string, updated: string, startTime: string | null, endTime: string | null, expectedStartTime: string | null, nextScheduledStartTime: string | null, totalRunTime: number, runCount: number, stateType: StateType | null, stateName: string | null, tags: Array<string>, workQueueName: string | null, flowVersion: string | null, infrastructurePid: string | null, idempotencyKey: string | null, parameters: unknown, jobVariables: unknown, labels: unknown, createdBy: { displayValue: string | null, type: string | null } | null, flow: { name: string }, deployment: { name: string } | null, policy: { retries: number | null, retryDelay: number | null, pauseKeys: Array<string>, resuming: boolean, retryType: string | null }, parentFlowRun: { id: string, name: string, stateType: StateType | null, stateName: string | null } | null } | null };

export type RunStatesQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type RunStatesQuery = { flowRun: { states: { nodes: Array<{ id: string, type: StateType, name: string, message: string | null, timestamp: string, actor: string | null, bulkOperation: { id: string, reason: string } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type RunSubflowsQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type RunSubflowsQuery = { flowRun: { subflows: { nodes: Array<{ id: string, name: string, stateType: StateType | null, stateName: string | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type RunChangedSubscriptionVariables = Exact<{
  filter: FlowRunFilter;
}>;


export type RunChangedSubscription = { flowRunStateChanged: { state: { id: string } } };

export type RunRowFragment = { id: string, name: string, workQueueName: string | null, tags: Array<string>, stateType: StateType | null, stateName: string | null, stateTimestamp: string | null, runCount: number, startTime: string | null, endTime: string | null, expectedStartTime: string | null, totalRunTime: number, flow: { id: string, name: string }, deployment: { id: string, name: string } | null, state: { id: string, message: string | null } | null };

export type RunsPageQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
  sort: FlowRunSort;
  first: number;
  after?: string | null | undefined;
}>;


export type RunsPageQuery = { flowRuns: { nodes: Array<{ id: string, name: string, workQueueName: string | null, tags: Array<string>, stateType: StateType | null, stateName: string | null, stateTimestamp: string | null, runCount: number, startTime: string | null, endTime: string | null, expectedStartTime: string | null, totalRunTime: number, flow: { id: string, name: string }, deployment: { id: string, name: string } | null, state: { id: string, message: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RunsCountQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
}>;


export type RunsCountQuery = { flowRunCount: number };

export type RunStateCountsQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
}>;


export type RunStateCountsQuery = { flowRunStateCounts: Array<{ stateType: StateType | null, count: number }> };

export type RowsChangedSubscriptionVariables = Exact<{
  ids: Array<string> | string;
}>;


export type RowsChangedSubscription = { flowRunStateChanged: { flowRun: { id: string, name: string, workQueueName: string | null, tags: Array<string>, stateType: StateType | null, stateName: string | null, stateTimestamp: string | null, runCount: number, startTime: string | null, endTime: string | null, expectedStartTime: string | null, totalRunTime: number, flow: { id: string, name: string }, deployment: { id: string, name: string } | null, state: { id: string, message: string | null } | null } } };

export type OtherRunsChangedSubscriptionVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
}>;


export type OtherRunsChangedSubscription = { flowRunStateChanged: { flowRun: { id: string } } };

export type PlanFragment = { id: string, status: BulkOperationStatus, error: string | null, expires: string | null, planned: string | null, runsPerSecond: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, outcomes: Array<{ status: BulkOperationItemStatus, code: TransitionCode | null, count: number, sample: Array<{ id: string, name: string, stateType: StateType | null, stateName: string | null }> }> };

export type PlanOperationMutationVariables = Exact<{
  input: BulkOperationInput;
}>;


export type PlanOperationMutation = { planBulkOperation:
    | { __typename: 'BulkOperation', id: string, status: BulkOperationStatus, error: string | null, expires: string | null, planned: string | null, runsPerSecond: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, outcomes: Array<{ status: BulkOperationItemStatus, code: TransitionCode | null, count: number, sample: Array<{ id: string, name: string, stateType: StateType | null, stateName: string | null }> }> }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string, matched: number | null }
   };

export type PlanProgressSubscriptionVariables = Exact<{
  id: string;
}>;


export type PlanProgressSubscription = { bulkOperationProgress: { id: string, status: BulkOperationStatus, error: string | null, expires: string | null, planned: string | null, runsPerSecond: number | null, counts: { matched: number, pending: number, accepted: number, rejected: number, aborted: number, waiting: number, skipped: number }, outcomes: Array<{ status: BulkOperationItemStatus, code: TransitionCode | null, count: number, sample: Array<{ id: string, name: string, stateType: StateType | null, stateName: string | null }> }> } };

export type PlanStatusQueryVariables = Exact<{
  id: string;
}>;


export type PlanStatusQuery = { bulkOperation: { status: BulkOperationStatus } | null };

export type PlanReasonsQueryVariables = Exact<{
  id: string;
}>;


export type PlanReasonsQuery = { bulkOperation: { items: { nodes: Array<{ flowRunId: string, planned: { status: BulkOperationItemStatus, code: TransitionCode | null, reason: string | null } | null }> } } | null };

export type StartPlanMutationVariables = Exact<{
  id: string;
  expectedCount: number;
}>;


export type StartPlanMutation = { startPlannedBulkOperation:
    | { __typename: 'BulkOperation', id: string, status: BulkOperationStatus }
    | { __typename: 'BulkOperationRefused', code: BulkOperationRefusal, message: string, matched: number | null }
   };

export type FlowNamesQueryVariables = Exact<{
  filter?: FlowFilter | null | undefined;
}>;


export type FlowNamesQuery = { flows: { nodes: Array<{ name: string }> } };

export type DeploymentNamesQueryVariables = Exact<{
  filter?: DeploymentFilter | null | undefined;
}>;


export type DeploymentNamesQuery = { deployments: { nodes: Array<{ name: string }> } };

export type TagsInUseQueryVariables = Exact<{
  like?: string | null | undefined;
}>;


export type TagsInUseQuery = { tags: Array<{ value: string, count: number }> };

export type QueuesInUseQueryVariables = Exact<{
  like?: string | null | undefined;
}>;


export type QueuesInUseQuery = { workQueueNames: Array<{ value: string, count: number }> };

export type MessagesInUseQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
}>;


export type MessagesInUseQuery = { stateMessages: Array<{ value: string, count: number }> };

export type RunHistoryQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
  from: string;
  to: string;
  buckets: number;
}>;


export type RunHistoryQuery = { flowRunHistory: Array<{ from: string, to: string, counts: Array<{ stateType: StateType | null, count: number }> }> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const OperationRowFragmentDoc = new TypedDocumentString(`
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}
    `, {"fragmentName":"OperationRow"}) as unknown as TypedDocumentString<OperationRowFragment, unknown>;
export const OperationDetailsFragmentDoc = new TypedDocumentString(`
    fragment OperationDetails on BulkOperation {
  ...OperationRow
  planned
  expires
  flowRuns
  all
  force
  includeSubflows
  retryWaits
  canary
  pauseAboveFailureRatio
  outcomes {
    status
    code
    count
  }
}
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`, {"fragmentName":"OperationDetails"}) as unknown as TypedDocumentString<OperationDetailsFragment, unknown>;
export const RunRowFragmentDoc = new TypedDocumentString(`
    fragment RunRow on FlowRun {
  id
  name
  flow {
    id
    name
  }
  deployment {
    id
    name
  }
  workQueueName
  tags
  stateType
  stateName
  stateTimestamp
  state {
    id
    message
  }
  runCount
  startTime
  endTime
  expectedStartTime
  totalRunTime
}
    `, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const PlanFragmentDoc = new TypedDocumentString(`
    fragment Plan on BulkOperation {
  id
  status
  error
  expires
  planned
  runsPerSecond
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  outcomes {
    status
    code
    count
    sample {
      id
      name
      stateType
      stateName
    }
  }
}
    `, {"fragmentName":"Plan"}) as unknown as TypedDocumentString<PlanFragment, unknown>;
export const MirrorDocument = new TypedDocumentString(`
    query Mirror($isCopying: Boolean!) {
  server {
    mirror {
      phase
      lagSeconds
      lastSweep
      runs @include(if: $isCopying)
    }
  }
}
    `) as unknown as TypedDocumentString<MirrorQuery, MirrorQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    name
    scopes
  }
  server {
    attachedTo
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const OperationPageDocument = new TypedDocumentString(`
    query OperationPage($id: ID!) {
  bulkOperation(id: $id) {
    ...OperationDetails
  }
}
    fragment OperationDetails on BulkOperation {
  ...OperationRow
  planned
  expires
  flowRuns
  all
  force
  includeSubflows
  retryWaits
  canary
  pauseAboveFailureRatio
  outcomes {
    status
    code
    count
  }
}
fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<OperationPageQuery, OperationPageQueryVariables>;
export const OperationDetailsProgressDocument = new TypedDocumentString(`
    subscription OperationDetailsProgress($id: ID!) {
  bulkOperationProgress(id: $id) {
    ...OperationDetails
  }
}
    fragment OperationDetails on BulkOperation {
  ...OperationRow
  planned
  expires
  flowRuns
  all
  force
  includeSubflows
  retryWaits
  canary
  pauseAboveFailureRatio
  outcomes {
    status
    code
    count
  }
}
fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<OperationDetailsProgressSubscription, OperationDetailsProgressSubscriptionVariables>;
export const OperationItemsDocument = new TypedDocumentString(`
    query OperationItems($id: ID!, $first: Int!, $after: String, $status: [BulkOperationItemStatus!], $code: [TransitionCode!], $flowRunId: ID) {
  bulkOperation(id: $id) {
    items(
      first: $first
      after: $after
      status: $status
      code: $code
      flowRunId: $flowRunId
    ) {
      nodes {
        id
        flowRunId
        flowRun {
          name
        }
        status
        code
        reason
        planned {
          status
          code
          reason
        }
        decided
        movedAnotherState
        previousState {
          type
          name
        }
        state {
          type
          name
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OperationItemsQuery, OperationItemsQueryVariables>;
export const OperationsPageDocument = new TypedDocumentString(`
    query OperationsPage($filter: BulkOperationFilter, $after: String) {
  bulkOperations(filter: $filter, first: 50, after: $after) {
    nodes {
      ...OperationRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<OperationsPageQuery, OperationsPageQueryVariables>;
export const OperationChangedDocument = new TypedDocumentString(`
    subscription OperationChanged {
  bulkOperationChanged {
    ...OperationRow
  }
}
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<OperationChangedSubscription, OperationChangedSubscriptionVariables>;
export const RetryOperationDocument = new TypedDocumentString(`
    mutation RetryOperation($id: ID!, $reason: String!, $codes: [TransitionCode!], $idempotencyKey: String) {
  result: retryBulkOperation(
    id: $id
    reason: $reason
    codes: $codes
    idempotencyKey: $idempotencyKey
  ) {
    __typename
    ... on BulkOperation {
      id
    }
    ... on BulkOperationRefused {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RetryOperationMutation, RetryOperationMutationVariables>;
export const UndoOperationDocument = new TypedDocumentString(`
    mutation UndoOperation($id: ID!, $reason: String!, $idempotencyKey: String) {
  result: undoBulkOperation(
    id: $id
    reason: $reason
    idempotencyKey: $idempotencyKey
  ) {
    __typename
    ... on BulkOperation {
      id
    }
    ... on BulkOperationRefused {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<UndoOperationMutation, UndoOperationMutationVariables>;
export const PauseOperationDocument = new TypedDocumentString(`
    mutation PauseOperation($id: ID!) {
  result: pauseBulkOperation(id: $id) {
    __typename
    ...OperationRow
    ... on BulkOperationRefused {
      code
      message
    }
  }
}
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<PauseOperationMutation, PauseOperationMutationVariables>;
export const ResumeOperationDocument = new TypedDocumentString(`
    mutation ResumeOperation($id: ID!) {
  result: resumeBulkOperation(id: $id) {
    __typename
    ...OperationRow
    ... on BulkOperationRefused {
      code
      message
    }
  }
}
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<ResumeOperationMutation, ResumeOperationMutationVariables>;
export const CancelOperationDocument = new TypedDocumentString(`
    mutation CancelOperation($id: ID!) {
  result: cancelBulkOperation(id: $id) {
    __typename
    ...OperationRow
    ... on BulkOperationRefused {
      code
      message
    }
  }
}
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<CancelOperationMutation, CancelOperationMutationVariables>;
export const SetOperationRateDocument = new TypedDocumentString(`
    mutation SetOperationRate($id: ID!, $runsPerSecond: Int) {
  result: setBulkOperationRate(id: $id, runsPerSecond: $runsPerSecond) {
    __typename
    ...OperationRow
    ... on BulkOperationRefused {
      code
      message
    }
  }
}
    fragment OperationRow on BulkOperation {
  id
  status
  pausedFor
  actor
  reason
  created
  started
  ended
  error
  runsPerSecond
  estimatedSecondsLeft
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  state {
    type
    name
  }
  undoOf {
    id
  }
  undoneBy {
    id
    status
  }
  retryOf {
    id
  }
}`) as unknown as TypedDocumentString<SetOperationRateMutation, SetOperationRateMutationVariables>;
export const RunPageDocument = new TypedDocumentString(`
    query RunPage($id: ID!) {
  flowRun(id: $id) {
    id
    name
    created
    updated
    startTime
    endTime
    expectedStartTime
    nextScheduledStartTime
    totalRunTime
    runCount
    stateType
    stateName
    tags
    workQueueName
    flowVersion
    infrastructurePid
    idempotencyKey
    parameters
    jobVariables
    labels
    createdBy {
      displayValue
      type
    }
    flow {
      name
    }
    deployment {
      name
    }
    policy {
      retries
      retryDelay
      pauseKeys
      resuming
      retryType
    }
    parentFlowRun {
      id
      name
      stateType
      stateName
    }
  }
}
    `) as unknown as TypedDocumentString<RunPageQuery, RunPageQueryVariables>;
export const RunStatesDocument = new TypedDocumentString(`
    query RunStates($id: ID!, $after: String) {
  flowRun(id: $id) {
    states(first: 50, after: $after) {
      nodes {
        id
        type
        name
        message
        timestamp
        actor
        bulkOperation {
          id
          reason
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunStatesQuery, RunStatesQueryVariables>;
export const RunSubflowsDocument = new TypedDocumentString(`
    query RunSubflows($id: ID!, $after: String) {
  flowRun(id: $id) {
    subflows(first: 50, after: $after) {
      nodes {
        id
        name
        stateType
        stateName
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunSubflowsQuery, RunSubflowsQueryVariables>;
export const RunChangedDocument = new TypedDocumentString(`
    subscription RunChanged($filter: FlowRunFilter!) {
  flowRunStateChanged(filter: $filter) {
    state {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<RunChangedSubscription, RunChangedSubscriptionVariables>;
export const RunsPageDocument = new TypedDocumentString(`
    query RunsPage($filter: FlowRunFilter, $sort: FlowRunSort!, $first: Int!, $after: String) {
  flowRuns(filter: $filter, sort: $sort, first: $first, after: $after) {
    nodes {
      ...RunRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment RunRow on FlowRun {
  id
  name
  flow {
    id
    name
  }
  deployment {
    id
    name
  }
  workQueueName
  tags
  stateType
  stateName
  stateTimestamp
  state {
    id
    message
  }
  runCount
  startTime
  endTime
  expectedStartTime
  totalRunTime
}`) as unknown as TypedDocumentString<RunsPageQuery, RunsPageQueryVariables>;
export const RunsCountDocument = new TypedDocumentString(`
    query RunsCount($filter: FlowRunFilter) {
  flowRunCount(filter: $filter)
}
    `) as unknown as TypedDocumentString<RunsCountQuery, RunsCountQueryVariables>;
export const RunStateCountsDocument = new TypedDocumentString(`
    query RunStateCounts($filter: FlowRunFilter) {
  flowRunStateCounts(filter: $filter) {
    stateType
    count
  }
}
    `) as unknown as TypedDocumentString<RunStateCountsQuery, RunStateCountsQueryVariables>;
export const RowsChangedDocument = new TypedDocumentString(`
    subscription RowsChanged($ids: [ID!]!) {
  flowRunStateChanged(filter: {id: {any: $ids}}) {
    flowRun {
      ...RunRow
    }
  }
}
    fragment RunRow on FlowRun {
  id
  name
  flow {
    id
    name
  }
  deployment {
    id
    name
  }
  workQueueName
  tags
  stateType
  stateName
  stateTimestamp
  state {
    id
    message
  }
  runCount
  startTime
  endTime
  expectedStartTime
  totalRunTime
}`) as unknown as TypedDocumentString<RowsChangedSubscription, RowsChangedSubscriptionVariables>;
export const OtherRunsChangedDocument = new TypedDocumentString(`
    subscription OtherRunsChanged($filter: FlowRunFilter) {
  flowRunStateChanged(filter: $filter) {
    flowRun {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<OtherRunsChangedSubscription, OtherRunsChangedSubscriptionVariables>;
export const PlanOperationDocument = new TypedDocumentString(`
    mutation PlanOperation($input: BulkOperationInput!) {
  planBulkOperation(input: $input) {
    __typename
    ... on BulkOperation {
      ...Plan
    }
    ... on BulkOperationRefused {
      code
      message
      matched
    }
  }
}
    fragment Plan on BulkOperation {
  id
  status
  error
  expires
  planned
  runsPerSecond
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  outcomes {
    status
    code
    count
    sample {
      id
      name
      stateType
      stateName
    }
  }
}`) as unknown as TypedDocumentString<PlanOperationMutation, PlanOperationMutationVariables>;
export const PlanProgressDocument = new TypedDocumentString(`
    subscription PlanProgress($id: ID!) {
  bulkOperationProgress(id: $id) {
    ...Plan
  }
}
    fragment Plan on BulkOperation {
  id
  status
  error
  expires
  planned
  runsPerSecond
  counts {
    matched
    pending
    accepted
    rejected
    aborted
    waiting
    skipped
  }
  outcomes {
    status
    code
    count
    sample {
      id
      name
      stateType
      stateName
    }
  }
}`) as unknown as TypedDocumentString<PlanProgressSubscription, PlanProgressSubscriptionVariables>;
export const PlanStatusDocument = new TypedDocumentString(`
    query PlanStatus($id: ID!) {
  bulkOperation(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<PlanStatusQuery, PlanStatusQueryVariables>;
export const PlanReasonsDocument = new TypedDocumentString(`
    query PlanReasons($id: ID!) {
  bulkOperation(id: $id) {
    items(first: 50) {
      nodes {
        flowRunId
        planned {
          status
          code
          reason
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PlanReasonsQuery, PlanReasonsQueryVariables>;
export const StartPlanDocument = new TypedDocumentString(`
    mutation StartPlan($id: ID!, $expectedCount: Int!) {
  startPlannedBulkOperation(id: $id, expectedCount: $expectedCount) {
    __typename
    ... on BulkOperation {
      id
      status
    }
    ... on BulkOperationRefused {
      code
      message
      matched
    }
  }
}
    `) as unknown as TypedDocumentString<StartPlanMutation, StartPlanMutationVariables>;
export const FlowNamesDocument = new TypedDocumentString(`
    query FlowNames($filter: FlowFilter) {
  flows(filter: $filter, first: 50) {
    nodes {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<FlowNamesQuery, FlowNamesQueryVariables>;
export const DeploymentNamesDocument = new TypedDocumentString(`
    query DeploymentNames($filter: DeploymentFilter) {
  deployments(filter: $filter, first: 50) {
    nodes {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<DeploymentNamesQuery, DeploymentNamesQueryVariables>;
export const TagsInUseDocument = new TypedDocumentString(`
    query TagsInUse($like: String) {
  tags(like: $like, first: 50) {
    value
    count
  }
}
    `) as unknown as TypedDocumentString<TagsInUseQuery, TagsInUseQueryVariables>;
export const QueuesInUseDocument = new TypedDocumentString(`
    query QueuesInUse($like: String) {
  workQueueNames(like: $like, first: 50) {
    value
    count
  }
}
    `) as unknown as TypedDocumentString<QueuesInUseQuery, QueuesInUseQueryVariables>;
export const MessagesInUseDocument = new TypedDocumentString(`
    query MessagesInUse($filter: FlowRunFilter) {
  stateMessages(filter: $filter, first: 20) {
    value
    count
  }
}
    `) as unknown as TypedDocumentString<MessagesInUseQuery, MessagesInUseQueryVariables>;
export const RunHistoryDocument = new TypedDocumentString(`
    query RunHistory($filter: FlowRunFilter, $from: DateTime!, $to: DateTime!, $buckets: Int!) {
  flowRunHistory(filter: $filter, from: $from, to: $to, buckets: $buckets) {
    from
    to
    counts {
      stateType
      count
    }
  }
}
    `) as unknown as TypedDocumentString<RunHistoryQuery, RunHistoryQueryVariables>;