import type { BeforeTransition } from '../domain/bulkOperation';
import type { BatchDecision, Decision, ParentTaskRunTransition } from '../domain/decision';
import type { CallFacts, ConcurrencyFacts, FlowRunFacts } from '../domain/facts';
import type { StateColumns } from '../domain/flowRun';
import type { FlowRunId } from '../domain/identifiers';
import type { State } from '../domain/state';
import { freeTimestamp } from './bookkeeping';
import { applyEffects, createTally } from './concurrency';
import type { Effect } from './rule';
import { withUndoNote } from './undoNote';

/** What to restore of one run. */
export interface Restoration {
  before: BeforeTransition;
  /** The previous state of the run; null if it had none. */
  previousState: State | null;
  /** The previous state of its parent task run. */
  parentPreviousState: State | null;
}

/** A new state with the content of an earlier one, and a note behind its message that says which undo restored it. */
const again = (
  earlier: State,
  { author, newStateId }: CallFacts,
  note: string,
  timestamp: State['timestamp'],
): State => ({
  ...earlier,
  ...author,
  id: newStateId(),
  timestamp,
  message: withUndoNote(earlier.message, note),
});

const columnsBack = (
  now: StateColumns,
  before: Partial<StateColumns>,
  { id, type, name, timestamp }: State,
): StateColumns => ({
  ...now,
  ...before,
  stateId: id,
  stateType: type,
  stateName: name,
  stateTimestamp: timestamp,
});

function parentBack(
  run: FlowRunFacts,
  { before, parentPreviousState }: Restoration,
  call: CallFacts,
  note: string,
): ParentTaskRunTransition | null {
  const task = run.parentTaskRun;
  const moved = before.parentTaskRun;
  // A task run that was moved in the meantime stays as it is.
  if (task === null || moved === undefined || parentPreviousState === null || task.stateId !== moved.stateId)
    return null;
  const timestamp = freeTimestamp(call.now, task.stateTimestamp, run.parentLaterTimestamps);
  const state = again(parentPreviousState, call, note, timestamp);
  return { taskRunId: task.id, state, columns: columnsBack(task, moved.columns, state) };
}

/** The effects that restore a slot; null if it must be taken again and none is free. */
function slotBack(run: FlowRunFacts, before: BeforeTransition, facts: ConcurrencyFacts): Effect[] | null {
  const deployment = run.deploymentId === null ? undefined : facts.deployments.get(run.deploymentId);
  if (deployment === undefined) return [];
  const deploymentId = deployment.id;
  switch (before.slot) {
    case undefined:
      return [];
    case 'TAKEN': {
      const leaseId = run.state?.stateDetails.deploymentConcurrencyLeaseId;
      const lease = leaseId ? [{ kind: 'deleteLease', leaseId } as const] : [];
      // The slot was freed when the lease expired.
      if (leaseId && facts.leases.get(leaseId) === 'revoked') return lease;
      return [{ kind: 'freeSlot', deploymentId }, ...lease];
    }
    case 'FREED':
      if (deployment.concurrencyLimit === null) return [];
      if (deployment.activeSlots >= deployment.concurrencyLimit) return null;
      return [{ kind: 'holdSlot', deploymentId }];
  }
}

/** The effects that restore an earlier lease that had lost its slot before the operation. */
function leaseBack(
  { deploymentId }: FlowRunFacts,
  { before, previousState }: Restoration,
): readonly Effect[] {
  const leaseId = previousState?.stateDetails.deploymentConcurrencyLeaseId;
  return before.endedLease === 'REVOKED' && leaseId && deploymentId
    ? [{ kind: 'recallRevokedLease', leaseId, deploymentId }]
    : [];
}

/** A state without a lease. */
const withoutLease = (state: State): State => {
  const { deploymentConcurrencyLeaseId: _lease, ...stateDetails } = state.stateDetails;
  return { ...state, stateDetails };
};

const unmoved = (run: FlowRunFacts, verdict: Decision['verdict']): Decision => ({
  flowRunId: run.id,
  verdict,
  state: run.state,
  trace: [],
  transition: null,
  policy: null,
  slot: null,
  endedLease: null,
});

function putBack(
  run: FlowRunFacts,
  restoration: Restoration,
  { call, note }: Pick<UndoRequest, 'call' | 'note'>,
  changes: Pick<Decision, 'slot' | 'endedLease'>,
  previousState: State,
): Decision {
  const { before } = restoration;
  const timestamp = freeTimestamp(call.now, run.stateTimestamp, run.laterTimestamps);
  // A lease that the operation ended is not restored: the run holds its slot without one.
  const earlier = before.endedLease === 'HOLDING' ? withoutLease(previousState) : previousState;
  const state = again(earlier, call, note, timestamp);
  const { retries, retryDelay, pauseKeys, resuming, retryType, ...columns } = before.columns;
  const policy = Object.fromEntries(
    Object.entries({ retries, retryDelay, pauseKeys, resuming, retryType }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return {
    flowRunId: run.id,
    verdict: { status: 'ACCEPT' },
    state,
    trace: [],
    transition: {
      state,
      previousState: run.state,
      columns: columnsBack(run, columns, state),
      parentTaskRun: parentBack(run, restoration, call, note),
    },
    policy: Object.keys(policy).length === 0 ? null : { ...run.policy, ...policy },
    ...changes,
  };
}

/** Runs to restore. */
interface UndoRequest {
  runs: readonly FlowRunFacts[];
  restorations: ReadonlyMap<FlowRunId, Restoration>;
  concurrency: ConcurrencyFacts;
  call: CallFacts;
  /** What the message of each restored state says about the undo. */
  note: string;
}

/**
 * Restores runs to their state before an operation, without a policy: a new state equal to the previous one, its
 * columns and its slot. Each run sees the slots after the previous one. Runs that something else moved since the
 * operation are not among them: `operations/worker/reasonToSkip.ts` leaves those alone, with CHANGED_SINCE_OPERATION.
 */
export function decideUndo({ runs, restorations, concurrency, ...how }: UndoRequest): BatchDecision {
  const tally = createTally(concurrency);
  const decisions = runs.map((run): Decision => {
    const restoration = restorations.get(run.id);
    if (!restoration || restoration.previousState === null) {
      const reason = 'The run had no state before the operation, so there is none to give back.';
      return unmoved(run, { status: 'REJECT', code: 'NO_EARLIER_STATE', reason });
    }
    const effects = slotBack(run, restoration.before, tally.facts());
    if (effects === null) {
      const reason = 'The slot that the operation freed was taken by another run since, and none is free.';
      return unmoved(run, { status: 'ABORT', code: 'CONCURRENCY_SLOT_LOST', reason });
    }
    const changes = applyEffects(run, [...effects, ...leaseBack(run, restoration)], tally);
    return putBack(run, restoration, how, changes, restoration.previousState);
  });
  return { decisions, concurrency: tally.changes() };
}
