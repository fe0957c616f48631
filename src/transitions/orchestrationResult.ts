import type { RuleTrace, Verdict } from '../domain/decision';
import type { FlowRunId } from '../domain/identifiers';
import type { State } from '../domain/state';

/** What was decided about one run. */
export interface OrchestrationResult {
  flowRunId: FlowRunId;
  verdict: Verdict;
  /** The state the run is in after the decision; null where it has none. */
  state: State | null;
  /** Whether that state is a new one, that of an accepted proposal or of a rejection that writes another. */
  written: boolean;
  trace: readonly RuleTrace[];
  /** Present where nothing was decided, because another transaction holds what the run needs. */
  isHeld?: true;
}

/** The result for a run about which no rule was asked. */
export const abort = (
  flowRunId: FlowRunId,
  code:
    | 'FLOW_RUN_NOT_FOUND'
    | 'NO_LONGER_MATCHES'
    | 'INTERNAL_ERROR'
    | 'UPSTREAM'
    | 'UPSTREAM_FAILED'
    | 'UPSTREAM_UNKNOWN',
  reason: string,
  state: State | null = null,
): OrchestrationResult => ({
  flowRunId,
  verdict: { status: 'ABORT', code, reason },
  state,
  written: false,
  trace: [],
});

/** Why a run was not decided that cannot be locked. */
export const heldReason =
  'Another transaction holds the run, its task run, its deployment or its lease. Nothing of it was written. Try again later.';

/** The result for a run that another transaction holds. */
export const heldResult = (id: FlowRunId): OrchestrationResult => ({
  ...abort(id, 'INTERNAL_ERROR', heldReason),
  isHeld: true,
});
