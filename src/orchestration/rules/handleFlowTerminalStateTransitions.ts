import type { Facts } from '../../domain/facts';
import { isPersistedResultData, isTerminal, terminalStateTypes } from '../../domain/state';
import { anyType, only, type RuleOutcome, type RuleRefusal, rule } from '../rule';

function losesResult({ current, proposed }: Facts): RuleRefusal | undefined {
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

function decide(facts: Facts): RuleOutcome {
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
    note: 'The run starts again: its pauses and retries were reset.',
  };
}

/**
 * Rejects a transition of a run that has ended, unless it starts again: a stored result must not be lost, and there
 * must be a deployment to run it.
 */
export const handleFlowTerminalStateTransitions = rule({
  name: 'HandleFlowTerminalStateTransitions',
  from: only(...terminalStateTypes),
  to: anyType,
  decide,
  after: 'deliberation',
  followUp({ run }, { written, endedBy }) {
    // If a later rule writes another state, the run does not start again: its policy does not change.
    if (!run.policy.resuming || written === null || endedBy === null) return undefined;
    return { policy: { resuming: true }, note: 'The run does not start again: it resumes as before.' };
  },
});

/** The part that also applies to forced states: a stored result must not be lost. */
export const preserveTerminalResult = rule({
  name: 'HandleFlowTerminalStateTransitions',
  from: only(...terminalStateTypes),
  to: only(...terminalStateTypes),
  decide: losesResult,
});
