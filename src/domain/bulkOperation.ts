import type { FlowRunPolicy, StateColumns } from './flowRun';
import type { FlowRunFilter } from './flowRunFilter';
import type { BulkOperationId, DeploymentId, FlowRunId, StateId, TaskRunId } from './identifiers';
import type { Instant } from './instant';
import type { Json } from './json';
import type { StateProposal } from './state';
import type { TransitionCode } from './transition';

/** Where a bulk operation is in its life. */
export type BulkOperationStatus =
  | 'PLANNING'
  | 'PLANNED'
  | 'EXPIRED'
  | 'QUEUED'
  | 'SELECTING'
  | 'RUNNING'
  | 'PAUSED'
  | 'CANCELLED'
  | 'COMPLETED'
  | 'COMPLETED_WITH_FAILURES'
  | 'FAILED';

/** The statuses in which a worker has something to do. */
export const activeStatuses = ['PLANNING', 'QUEUED', 'SELECTING', 'RUNNING'] as const;

/** The statuses of an operation that is over. */
export const endedStatuses: readonly BulkOperationStatus[] = [
  'EXPIRED',
  'CANCELLED',
  'COMPLETED',
  'COMPLETED_WITH_FAILURES',
  'FAILED',
];

/** Whether an operation is over, so that nothing of it moves any more. */
export const hasEnded = ({ status }: { status: BulkOperationStatus }): boolean =>
  endedStatuses.includes(status);

/** Why an operation is paused: it was asked to, its first runs are to be looked at, or too many of its runs failed. */
export type BulkOperationPause = 'REQUESTED' | 'CANARY' | 'FAILURE_RATIO';

/** What became of one run of an operation. */
export type BulkOperationItemStatus = 'PENDING' | 'ACCEPT' | 'REJECT' | 'ABORT' | 'WAIT' | 'SKIPPED';

/** Which call made an operation; an idempotency key belongs to its actor and call. */
export type BulkOperationOrigin = 'PLAN' | 'START' | 'RETRY' | 'UNDO';

/** Why a call about a bulk operation is refused. */
export type BulkOperationRefusal =
  | 'NOT_FOUND'
  | 'EMPTY_FILTER'
  | 'UNEXPECTED_COUNT'
  | 'TOO_MANY_MATCHED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'NOT_PLANNED'
  | 'PLAN_EXPIRED'
  | 'NOT_RUNNING'
  | 'NOT_PAUSED'
  | 'NOT_ENDED'
  | 'ALREADY_ENDED'
  | 'ALREADY_UNDONE'
  | 'UNDO_OF_UNDO'
  | 'NOTHING_TO_DO';

/** What an operation was asked to do. Never changes. */
export interface BulkOperationDefinition {
  /** The state to propose to each run; null: each run is given back what it had before another operation. */
  state: StateProposal | null;
  /** Which runs; null: those of another operation's items. */
  filter: FlowRunFilter | null;
  /** The filter as it was sent. */
  flowRuns: Json;
  all: boolean;
  force: boolean;
  callerRenewsLeases: boolean;
  includeSubflows: boolean;
  /** After how many runs to pause for a look. */
  canary: number | null;
  /** 0 to 1. */
  pauseAboveFailureRatio: number | null;
  retryWaits: boolean;
  expectedCount: number | null;
  maxAffected: number | null;
  /** Of another operation's items, those with these codes; null: all that were not accepted. */
  codes: readonly TransitionCode[] | null;
  reason: string;
}

/** How far the selection of an operation's runs has come. */
export type SelectionProgress =
  /** Pages through the runs that match, newest first. */
  | { phase: 'MATCHING'; after: FlowRunId | null }
  /**
   * Pages through the items of one depth, and adds their subflows as items of the next. `child`: the subflow that was
   * reached last of the first item behind `after`, which has more than a page of them.
   */
  | { phase: 'DESCENDING'; depth: number; after: FlowRunId | null; child?: FlowRunId }
  /** Puts items in their order, deepest first. */
  | { phase: 'ARRANGING'; depth: number; after: FlowRunId | null }
  /** Pages through the items of an earlier operation; `after` is an ordinal of it, `deepest` the greatest depth so far. */
  | { phase: 'COPYING'; after: number | null; deepest: number };

/** How many decided items have one status and code, and up to five of their runs. */
export interface BulkOperationOutcome {
  status: BulkOperationItemStatus;
  code: TransitionCode | null;
  count: number;
  sample: readonly FlowRunId[];
}

/** How many of an operation's runs are where; all but `matched` add up to it. */
export interface BulkOperationCounts {
  matched: number;
  pending: number;
  accepted: number;
  rejected: number;
  aborted: number;
  /** Told to wait: to be tried again when their delay is over, or for good. */
  waiting: number;
  skipped: number;
}

/** An operation as it stands in the ledger. */
export interface BulkOperation extends BulkOperationCounts {
  id: BulkOperationId;
  origin: BulkOperationOrigin;
  status: BulkOperationStatus;
  pausedFor: BulkOperationPause | null;
  error: string | null;
  definition: BulkOperationDefinition;
  /** Tells whether two calls with one idempotency key ask for the same. */
  digest: string;
  idempotencyKey: string | null;
  actor: string;
  retryOf: BulkOperationId | null;
  undoOf: BulkOperationId | null;
  /** The operation whose items are put back; null where a state is proposed. */
  restores: BulkOperationId | null;
  /** null: the set of runs is frozen. */
  selection: SelectionProgress | null;
  /** The highest ordinal among the items. */
  lastOrdinal: number;
  /** The highest position among the decided items. */
  lastPosition: number;
  /** Whether the look at the first runs is over, or was never asked for. */
  canaryPassed: boolean;
  /** The last decided items, up to 100, oldest first: `x` for one that was neither accepted nor skipped, else `-`. */
  failureWindow: string;
  runsPerSecond: number | null;
  /** Until when the runs taken so far use up the rate. */
  pacedUntil: Instant | null;
  outcomes: readonly BulkOperationOutcome[];
  /** By how much the runs of a plan so far would move the active slots of each deployment. */
  plannedSlots: Readonly<Record<DeploymentId, number>>;
  created: Instant;
  planned: Instant | null;
  expires: Instant | null;
  started: Instant | null;
  ended: Instant | null;
}

/** What a run had before an operation moved it, as far as that changed: all that an undo gives back beside the state. */
export interface BeforeTransition {
  columns: Partial<StateColumns & FlowRunPolicy>;
  /** What the transition did to the slots of the run's deployment. */
  slot?: 'TAKEN' | 'FREED';
  /** What the run's lease was that the transition ended: one on a slot, or one that had lost it. */
  endedLease?: 'HOLDING' | 'REVOKED';
  /** The parent task run that got a copy of the state; `stateId` is the copy's. */
  parentTaskRun?: {
    id: TaskRunId;
    stateId: StateId;
    previousStateId: StateId | null;
    columns: Partial<StateColumns>;
  };
}

/** One run of an operation, and what became of it. */
export interface BulkOperationItem<Status = BulkOperationItemStatus> {
  operationId: BulkOperationId;
  /** 1 to n in the order in which items are taken; below 0 while the selection goes on. */
  ordinal: number;
  flowRunId: FlowRunId;
  /** How many subflows deep the run is below a matching run. */
  depth: number;
  /** Whether the filter itself found the run. */
  isMatch: boolean;
  /** The matching runs above it: the topmost, then the nearest of the others, nearest last; null where there is none. */
  matchesAbove: readonly FlowRunId[] | null;
  status: Status;
  code: TransitionCode | null;
  reason: string | null;
  delaySeconds: number | null;
  /** The state in which the run must still be when its turn comes; looked at in plans and undos only. */
  expectedStateId: StateId | null;
  plannedStatus: BulkOperationItemStatus | null;
  plannedCode: TransitionCode | null;
  plannedReason: string | null;
  previousStateId: StateId | null;
  /** The state that was written; null where none was. */
  stateId: StateId | null;
  before: BeforeTransition | null;
  attempts: number;
  decided: Instant | null;
  /** The batch that decided it, by its first ordinal, and its place there, from 0; null until decided. */
  batch: number | null;
  place: number | null;
}

/** An item while the selection goes on. PASSED: a finished subflow, through which it only looks for unfinished ones below. */
export type SelectedItem = BulkOperationItem<'PENDING' | 'PASSED'>;

/** A stretch of ordinals that one transaction decides. */
export interface BulkOperationBatch {
  operationId: BulkOperationId;
  firstOrdinal: number;
  lastOrdinal: number;
  depth: number;
  /** Not before this instant; null: at any time. */
  due: Instant | null;
  planned: Instant | null;
  decided: Instant | null;
  /** The position of its first item; null until decided. */
  firstPosition: number | null;
}
