import type { FlowRunId, StateId } from './identifiers';
import type { Instant } from './instant';
import type { State, StateProposal, StateType } from './state';
import type { TransitionCode, VerdictStatus } from './transition';

/** The state that a run was in when its transition was decided, by what identifies it. */
export interface PlannedFrom {
  stateId: StateId;
  stateType: StateType;
  stateName: string;
  startTime: Instant | null;
  endTime: Instant | null;
  nextScheduledStartTime: Instant | null;
}

/** What our rules decide on the run as it was read. */
export interface Prediction {
  status: VerdictStatus;
  code: TransitionCode | null;
  /** The state that is to be written; null where none is. */
  state: { type: StateType; name: string } | null;
}

/** One transition of one run that another server is to carry out, at most once. */
export interface Sending {
  flowRunId: FlowRunId;
  /** Identifies the transition in the history of the run; the same in each try. */
  transitionId: string;
  from: PlannedFrom;
  proposal: StateProposal;
  /** Whether the minimal policy decides. */
  force: boolean;
  prediction: Prediction;
  /** When it was first sent, by this program's clock. */
  sent: Instant;
  /** When a call for it was made last, as far as is known: from then on the server may be at work on it. */
  lastTried: Instant;
}

/** What is known of a sending. */
export type SendingOutcome =
  | {
      kind: 'decided';
      status: VerdictStatus;
      code: TransitionCode | null;
      reason: string | null;
      delaySeconds: number | null;
      /** The state that was written; null where none was. */
      written: State | null;
      /** Whether the state that it replaced is another one than planned. */
      movedAnotherState: boolean;
    }
  /** It may have been carried out or not, or may still be: check it again after these seconds. */
  | {
      kind: 'unknown';
      cause: string;
      /** Whether the server failed on it, and its history shows that nothing was written. */
      isServerError: boolean;
      /** Whether the server cannot show the history of this run, though it works: waiting may never help. */
      isHistoryLost?: boolean;
      afterSeconds: number;
      /** When the call ended whose result is not known; absent where its history was only read. */
      tried?: Instant;
    }
  /** It was not carried out, and can be sent again after these seconds. */
  | { kind: 'notSent'; cause: string; afterSeconds: number }
  /** It was not carried out: the server does not accept the credentials. */
  | { kind: 'refused'; cause: string };
