import { anyType, anyTypeOrNone, rule } from '../rule';
import { withDetails } from '../states';

/** Copies the id of the concurrency lease from state to state. */
export const preserveDeploymentConcurrencyLeaseId = rule({
  name: 'PreserveDeploymentConcurrencyLeaseId',
  from: anyTypeOrNone,
  to: anyType,
  decide({ current, proposed }) {
    const leaseId = current?.stateDetails.deploymentConcurrencyLeaseId;
    if (!leaseId || proposed.stateDetails.deploymentConcurrencyLeaseId) return undefined;
    return {
      kind: 'amend',
      proposed: withDetails(proposed, { deploymentConcurrencyLeaseId: leaseId }),
      note: `The lease ${leaseId} of the current state was copied.`,
    };
  },
});
