import type { StateAuthor, StateProposal } from '../domain/state';
import type { Policy } from '../orchestration/rule';
import type { FlowRunCondition } from '../persistence/filter/applyFlowRunFilter';
import type { FlowRunSelection } from '../persistence/flowRuns/hotLockedFlowRunFacts';

/** A state to propose, and how it is to be decided. */
export interface Proposal {
  proposal: StateProposal;
  /** The rules that decide, in their order. */
  policy: Policy;
  callerRenewsLeases: boolean;
  /** Who writes the states. */
  author: StateAuthor;
}

/** One state for many runs. */
export interface TransitionRequest extends Proposal {
  /** The runs in the order of decision and of the results, or the newest, newest first. */
  runs: FlowRunSelection;
  /** The filter that selects the newest runs, and that a run must still match when it is decided; null for none. */
  filter: FlowRunCondition;
}
