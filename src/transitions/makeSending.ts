import type { Decision } from '../domain/decision';
import type { FlowRunFacts } from '../domain/facts';
import type { PlannedFrom, Prediction, Sending } from '../domain/sending';

/** What identifies the state that a run is in; null where it has none. */
function plannedFrom(run: FlowRunFacts): PlannedFrom | null {
  const { stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime } = run;
  if (stateId === null || stateType === null || stateName === null) return null;
  return { stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime };
}

/** What the rules here expect the server to decide. */
const predictionOf = ({ verdict, transition }: Decision): Prediction => ({
  status: verdict.status,
  code: verdict.status === 'ACCEPT' ? null : verdict.code,
  state: transition && { type: transition.state.type, name: transition.state.name },
});

/** Why a run without a state is not sent. */
export const noStateReason = 'The run has no state yet, so a change meanwhile would not be noticed.';

/**
 * Makes the transition that a server is to carry out of a decision; null for a run that has no state to guard. A Prefect server
 * receives `from` as the guard of its call: `upstream/client/transitionCalls.ts`.
 */
export function makeSending(
  run: FlowRunFacts,
  decision: Decision,
  how: Pick<Sending, 'transitionId' | 'proposal' | 'force' | 'sent'>,
): Sending | null {
  const from = plannedFrom(run);
  return from && { ...how, lastTried: how.sent, flowRunId: run.id, from, prediction: predictionOf(decision) };
}
