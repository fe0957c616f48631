import { only, rule } from '../rule';
import { scheduledState } from '../states';

/** Retries a failed run as often as its policy allows. */
export const retryFailedFlows = rule({
  name: 'RetryFailedFlows',
  from: only('RUNNING'),
  to: only('FAILED'),
  decide({ run, current, proposed, policy, call }) {
    const { retries, retryDelay } = policy;
    if (retries === null || run.runCount > retries) {
      return {
        kind: 'amend',
        policy: { retryType: null },
        note: retries === null ? 'The run has no retries.' : `All ${retries} retries are used up.`,
      };
    }
    const leaseId = current?.stateDetails.deploymentConcurrencyLeaseId;
    const seconds = retryDelay ?? 0;
    const awaiting = scheduledState('AwaitingRetry', call.now, seconds, proposed.message);
    return {
      kind: 'reject',
      code: 'RETRYING',
      reason: `The run failed and is retried in ${seconds} s (starts so far: ${run.runCount}, retries: ${retries}).`,
      state: {
        ...awaiting,
        data: proposed.data,
        stateDetails: { ...awaiting.stateDetails, ...(leaseId && { deploymentConcurrencyLeaseId: leaseId }) },
      },
      policy: { resuming: false, pauseKeys: [], retryType: 'in_process' },
    };
  },
});
