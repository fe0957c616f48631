import type { Facts } from '../../domain/facts';
import { only, rule } from '../rule';
import { plainState } from '../states';

const hasNoInfrastructure = ({ current, run }: Facts): boolean => {
  if (current?.type === 'SCHEDULED' && !run.infrastructurePid) return true;
  if (current?.name === 'Resuming') return true;
  return current?.type === 'PAUSED' && current.stateDetails.pauseReschedule === true;
};

/** Cancels a run without infrastructure at once: nothing could stop it. */
export const bypassCancellingFlowRunsWithNoInfra = rule({
  name: 'BypassCancellingFlowRunsWithNoInfra',
  from: only('SCHEDULED', 'PAUSED'),
  to: only('CANCELLING'),
  decide(facts) {
    if (!hasNoInfrastructure(facts)) return undefined;
    return {
      kind: 'reject',
      code: 'NO_INFRASTRUCTURE',
      reason: 'The run has no infrastructure that could stop it, and was cancelled at once.',
      state: plainState('CANCELLED', null),
    };
  },
});
