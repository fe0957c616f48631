import type { Facts } from '../../domain/facts';
import { isPersistedResultData, isTerminal, terminalStateTypes } from '../../domain/state';
import { type Answer, anyType, only, type Refusal, rule } from '../rule';

function losesResult({ current, proposed }: Facts): Refusal | undefined {
  if (current?.type !== 'COMPLETED' || !isPersistedResultData(current.data)) return undefined;
  if (!isTerminal(proposed.type)) {
    return {
      kind: 'reject',
      code: 'ALREADY_COMPLETED',
      reason: `The run has completed with a stored result, and cannot become ${proposed.type} any more.`,
    };
  }
  if (proposed.type !== 'COMPLETED' || isPersistedResultData(proposed.data)) return undefined;
  return {
    kind: 'reject',
    code: 'RESULT_WOULD_BE_LOST',
    reason: 'The run has completed with a stored result, and the proposed state brings none.',
  };
}

function decide(facts: Facts): Answer {
  const { current, proposed, run } = facts;
  if (proposed.type === 'CANCELLING' || proposed.type === 'PAUSED' || proposed.type === 'CRASHED') {
    return {
      kind: 'abort',
      code: 'ALREADY_TERMINAL',
      reason: `The run has ended ${current?.type}, and cannot become ${proposed.type} any more.`,
    };
  }
  const refusal = losesResult(facts);
  if (refusal) return refusal;
  if (proposed.type === 'SCHEDULED' && run.deploymentId === null) {
    return {
      kind: 'abort',
      code: 'NO_DEPLOYMENT',
      reason: 'The run has ended and has no deployment that could run it again.',
    };
  }
  if (isTerminal(proposed.type)) return undefined;
  return {
    kind: 'amend',
    policy: {
      resuming: false,
      pauseKeys: [],
      retryType: proposed.type === 'SCHEDULED' ? 'reschedule' : null,
    },
    note: 'The run begins anew: its pauses and retries were reset.',
  };
}

/** What has ended stays ended, or begins anew: never with a result lost, never where nothing could run it. */
export const handleFlowTerminalStateTransitions = rule({
  name: 'HandleFlowTerminalStateTransitions',
  from: only(...terminalStateTypes),
  to: anyType,
  decide,
  after: 'deliberation',
  followUp({ run }, { written, endedBy }) {
    // Where a later rule writes another state, the run did not begin anew: its policy stays as it was.
    if (!run.policy.resuming || written === null || endedBy === null) return undefined;
    return { policy: { resuming: true }, note: 'The run did not begin anew: it resumes as before.' };
  },
});

/** Of that, what holds for a caller who forces a state: a stored result is not lost. */
export const preserveTerminalResult = rule({
  name: 'HandleFlowTerminalStateTransitions',
  from: only(...terminalStateTypes),
  to: only(...terminalStateTypes),
  decide: losesResult,
});
