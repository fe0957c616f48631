import { only, rule } from '../rule';
import { plainState } from '../states';

/**
 * Cancels a run instead of marking it late if its deployment cancels runs without a free slot: no worker would
 * propose PENDING for it, where slots are otherwise checked.
 */
export const enforceDeploymentConcurrencyOnLate = rule({
  name: 'EnforceDeploymentConcurrencyOnLate',
  from: only('SCHEDULED'),
  to: only('SCHEDULED'),
  needsConcurrency: true,
  decide({ run, proposed, concurrency }) {
    if (proposed.name !== 'Late' || run.deploymentId === null) return undefined;
    const deployment = concurrency.deployments.get(run.deploymentId);
    if (!deployment || deployment.concurrencyLimit === null) return undefined;
    if (deployment.collisionStrategy !== 'CANCEL_NEW') return undefined;
    if (deployment.activeSlots < deployment.concurrencyLimit) return undefined;
    return {
      kind: 'reject',
      code: 'CONCURRENCY_LIMIT_REACHED',
      reason: `No slot is free: the deployment's limit of ${deployment.concurrencyLimit} is reached. The run was cancelled, as the deployment asks.`,
      state: plainState(
        'CANCELLED',
        `Cancelled: the deployment's limit of ${deployment.concurrencyLimit} was reached.`,
      ),
    };
  },
});
