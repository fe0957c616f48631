import type {
  BulkOperationCommandKind,
  BulkOperationItemStatus,
  BulkOperationPause,
  BulkOperationStatus,
} from './bulkOperationEnums';
import type { FlowRunPolicy, StateColumns } from './flowRun';
import type { FlowRunFilter } from './flowRunFilter';
import type { BulkOperationId, DeploymentId, FlowRunId, StateId, TaskRunId } from './identifiers';
import type { Instant } from './instant';
import type { Json } from './json';
import type { StateProposal } from './state';
import type { TransitionCode } from './transition';

/** The call that created an operation. An idempotency key belongs to its actor and call. */
export type BulkOperationOrigin = 'PLAN' | 'START' | 'RETRY' | 'UNDO';

/** What an operation was requested to do. Never changes. */
export interface BulkOperationDefinition {
  /** The state to propose to each run; null for an undo. */
  state: StateProposal | null;
  /** The runs to select; null for those of another operation's items. */
  filter: FlowRunFilter | null;
  /** The filter as it was sent. */
  flowRuns: Json;
  all: boolean;
  force: boolean;
  callerRenewsLeases: boolean;
  includeSubflows: boolean;
  /** The number of runs after which to pause for a review. */
  canary: number | null;
  /** 0 to 1. */
  pauseAboveFailureRatio: number | null;
  retryWaits: boolean;
  expectedCount: number | null;
  maxAffected: number | null;
  /** Selects the items of another operation with these codes; null for all that were not accepted. */
  codes: readonly TransitionCode[] | null;
  reason: string;
}

/** The progress of an operation's selection. */
export type SelectionProgress =
  /** Pages through the matching runs, newest first. */
  | { phase: 'MATCHING'; after: FlowRunId | null }
  /**
   * Pages through the items of one depth, and adds their subflows as items of the next depth. `child` is the last
   * subflow that was read of the first item after `after`, if that has more than a page of them.
   */
  | { phase: 'DESCENDING'; depth: number; after: FlowRunId | null; child?: FlowRunId }
  /** Assigns the final ordinals to the items, deepest first. */
  | { phase: 'ARRANGING'; depth: number; after: FlowRunId | null }
  /**
   * Pages through the items of an earlier operation; `after` is an ordinal of it, `deepest` the greatest depth so
   * far.
   */
  | { phase: 'COPYING'; after: number | null; deepest: number };

/** The number of decided items with one status and code, and up to five of their runs. */
export interface BulkOperationOutcome {
  status: BulkOperationItemStatus;
  code: TransitionCode | null;
  count: number;
  sample: readonly FlowRunId[];
}

/** The numbers of an operation's runs by status. All but `matched` add up to it. */
export interface BulkOperationCounts {
  matched: number;
  pending: number;
  accepted: number;
  rejected: number;
  aborted: number;
  /** Runs with the verdict WAIT: they are retried after their delay, or stay waiting. */
  waiting: number;
  skipped: number;
}

/** An operation as it is stored in the ledger. */
export interface BulkOperation extends BulkOperationCounts {
  id: BulkOperationId;
  origin: BulkOperationOrigin;
  status: BulkOperationStatus;
  pausedFor: BulkOperationPause | null;
  error: string | null;
  definition: BulkOperationDefinition;
  /** Equal for two calls with one idempotency key if they request the same. */
  digest: string;
  idempotencyKey: string | null;
  actor: string;
  retryOf: BulkOperationId | null;
  undoOf: BulkOperationId | null;
  /** The operation whose items are undone; null if a state is proposed. */
  restores: BulkOperationId | null;
  /** null once the set of runs is frozen. */
  selection: SelectionProgress | null;
  /** The highest ordinal among the items. */
  lastOrdinal: number;
  /** The highest position among the decided items. */
  lastPosition: number;
  /** Whether the review of the first runs is over or was never requested. */
  canaryPassed: boolean;
  /** The last decided items, up to 100, oldest first: `x` for one that was neither accepted nor skipped, else `-`. */
  failureWindow: string;
  runsPerSecond: number | null;
  /** The time until which the runs taken so far use up the rate. */
  pacedUntil: Instant | null;
  outcomes: readonly BulkOperationOutcome[];
  /** By how much the plan so far would change the active slots of each deployment. */
  plannedSlots: Readonly<Record<DeploymentId, number>>;
  created: Instant;
  planned: Instant | null;
  expires: Instant | null;
  started: Instant | null;
  ended: Instant | null;
  /** When the oldest row that a plan used was read from the server that the gateway is attached to; else null. */
  rowsReadAt: Instant | null;
}

/** What a transition changed of a run, besides its state: all that an undo needs. */
export interface BeforeTransition {
  columns: Partial<StateColumns & FlowRunPolicy>;
  /** The change of the slots of the run's deployment. */
  slot?: 'TAKEN' | 'FREED';
  /** The lease that the transition ended: `holding` if it held a slot, `revoked` if it had lost it. */
  endedLease?: 'HOLDING' | 'REVOKED';
  /** The parent task run that received a copy of the state; `stateId` is the id of the copy. */
  parentTaskRun?: {
    id: TaskRunId;
    stateId: StateId;
    previousStateId: StateId | null;
    columns: Partial<StateColumns>;
  };
}

/** One run of an operation and its result. */
export interface BulkOperationItem {
  operationId: BulkOperationId;
  /** 1 to n in the order in which items are decided. */
  ordinal: number;
  flowRunId: FlowRunId;
  /** The number of subflow levels between the run and a matching run. */
  depth: number;
  /** Whether the filter itself matches the run. */
  isMatch: boolean;
  /** The matching runs above it: the topmost, then the nearest others, nearest last; null if there is none. */
  matchesAbove: readonly FlowRunId[] | null;
  status: BulkOperationItemStatus;
  code: TransitionCode | null;
  reason: string | null;
  delaySeconds: number | null;
  /** The state that the run must still have when it is decided; checked in plans and undos only. */
  expectedStateId: StateId | null;
  plannedStatus: BulkOperationItemStatus | null;
  plannedCode: TransitionCode | null;
  plannedReason: string | null;
  previousStateId: StateId | null;
  /** The state that was written; null if none. */
  stateId: StateId | null;
  before: BeforeTransition | null;
  attempts: number;
  decided: Instant | null;
  /** The batch that decided it, by its first ordinal, and its index there, from 0; null until decided. */
  batch: number | null;
  indexInBatch: number | null;
}

/**
 * A run of a selection with subflows, which becomes an item once all depths are known: a run that is reached twice belongs to its
 * greatest depth.
 */
export interface SelectedRun
  extends Pick<
    BulkOperationItem,
    'operationId' | 'flowRunId' | 'depth' | 'isMatch' | 'matchesAbove' | 'expectedStateId'
  > {
  /** Whether it is a finished subflow that becomes no item: the selection only looks for unfinished ones below it. */
  isPassed: boolean;
}

/** A range of ordinals that one transaction decides. */
export interface BulkOperationBatch {
  operationId: BulkOperationId;
  firstOrdinal: number;
  lastOrdinal: number;
  depth: number;
  /** The earliest time to decide it; null for any time. */
  due: Instant | null;
  planned: Instant | null;
  decided: Instant | null;
  /** The position of its first item; null until decided. */
  firstPosition: number | null;
}

/** A command that was given to an operation. Never changes. */
export interface BulkOperationCommand {
  /** A UUID v7: later commands have greater ids. */
  id: string;
  operationId: BulkOperationId;
  kind: BulkOperationCommandKind;
  /** Who gave it: the name of the key, the subject of the token, or `local`. */
  actor: string;
  at: Instant;
  /** The new rate of SET_RATE, in runs per second; null for no limit, and for all other commands. */
  runsPerSecond: number | null;
}
