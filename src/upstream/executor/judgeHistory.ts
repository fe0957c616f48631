import { addSeconds, type Instant } from '../../domain/instant';
import type { Sending, SendingOutcome } from '../../domain/sending';
import type { State } from '../../domain/state';

/** By how much the clock of the server may be behind ours. */
const clockSlackSeconds = 5;

/** What the history of a run says about a transition that was sent, and whose response was lost: `createSender.ts` asks for it. */
type HistoryVerdict =
  | Extract<SendingOutcome, { kind: 'decided' }>
  /** The run is still in the state that was planned on: it was not carried out so far. */
  | { kind: 'notYet' };

const decided = {
  kind: 'decided',
  code: null,
  reason: null,
  delaySeconds: null,
  movedAnotherState: false,
} as const;

const changed: HistoryVerdict = {
  ...decided,
  status: 'ABORT',
  code: 'CHANGED_SINCE_PLAN',
  reason: 'Something else moved the run before the Prefect server could, and it was left alone.',
  written: null,
};

/** Whether a state is the one that the server was expected to write instead of the proposed one, which would carry the id. */
const isPredicted = ({ prediction, sent }: Sending, state: State): boolean =>
  prediction.status !== 'ACCEPT' &&
  prediction.state !== null &&
  prediction.state.type === state.type &&
  prediction.state.name === state.name &&
  state.timestamp >= addSeconds(sent, -clockSlackSeconds);

/** Whether a transition wrote this state. The planned one is none of its, though a caller who repeats a call gave it the same id. */
export const isOwn = ({ transitionId, from }: Sending, { id, stateDetails }: State): boolean =>
  stateDetails.transitionId === transitionId && id !== from.stateId;

/** The state that a transition wrote, by its id; a replacement does not carry the id, and follows the planned state. */
function findWritten(sending: Sending, states: readonly State[], planned: number): number {
  const own = states.findIndex(state => isOwn(sending, state));
  if (own !== -1) return own;
  const next = states[planned + 1];
  return planned !== -1 && next && isPredicted(sending, next) ? planned + 1 : -1;
}

/**
 * Finds in the history of a run what became of a transition. A transition id in it proves that it was accepted. A replacement
 * has no id: it is known by its place right behind the planned state, its type and name, and its time.
 *
 * @param states oldest first.
 */
export function judgeHistory(sending: Sending, states: readonly State[]): HistoryVerdict {
  const planned = states.findIndex(({ id }) => id === sending.from.stateId);
  const found = findWritten(sending, states, planned);
  const state = states[found];
  if (state === undefined)
    return planned !== -1 && planned === states.length - 1 ? { kind: 'notYet' } : changed;
  const movedAnotherState = planned !== found - 1;
  if (isOwn(sending, state)) return { ...decided, status: 'ACCEPT', written: state, movedAnotherState };
  const { status, code } = sending.prediction;
  const reason = state.message ?? 'The Prefect server wrote this state instead of the proposed one.';
  return { ...decided, status, code, reason, written: state, movedAnotherState };
}

/** The outcome for a run that does not exist any more. */
export const goneOutcome: SendingOutcome = {
  ...decided,
  status: 'ABORT',
  code: 'FLOW_RUN_NOT_FOUND',
  reason: 'There is no flow run with this id any more.',
  written: null,
};

/** The latest time at which the server can still be at work on a call that was made for a transition. */
export const underWayUntil = (tried: Instant, timeoutSeconds: number): Instant =>
  addSeconds(tried, 2 * timeoutSeconds);
