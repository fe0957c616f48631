import type { ConcurrencyChanges, Decision, NewLease } from '../domain/decision';
import type { ConcurrencyFacts, DeploymentFacts, FlowRunFacts } from '../domain/facts';
import type { DeploymentId, LeaseId } from '../domain/identifiers';
import type { Effect } from './rule';

/** The slots and leases of a batch after each of its runs. */
export interface ConcurrencyTally {
  /** As the next run reads them. */
  facts(): ConcurrencyFacts;
  apply(effects: readonly Effect[]): void;
  /** All changes together. */
  changes(): ConcurrencyChanges;
}

/** Creates a tally with the slots and leases before the first run. */
export function createTally(initial: ConcurrencyFacts): ConcurrencyTally {
  const deployments = new Map(initial.deployments);
  const leases = new Map(initial.leases);
  const created = new Map<LeaseId, NewLease>();
  const renewed = new Map<LeaseId, number>();
  const deleted = new Set<LeaseId>();

  const moveSlots = (id: DeploymentId, by: number): void => {
    const deployment = deployments.get(id);
    if (deployment)
      deployments.set(id, { ...deployment, activeSlots: Math.max(0, deployment.activeSlots + by) });
  };

  function applyOne(effect: Effect): void {
    switch (effect.kind) {
      case 'takeSlot': {
        const { leaseId: id, deploymentId, seconds } = effect;
        moveSlots(deploymentId, 1);
        leases.set(id, 'holding');
        created.set(id, { id, deploymentId, seconds });
        return;
      }
      case 'holdSlot':
        moveSlots(effect.deploymentId, 1);
        return;
      case 'renewLease':
        renewed.set(effect.leaseId, effect.seconds);
        return;
      case 'deleteLease':
        leases.delete(effect.leaseId);
        renewed.delete(effect.leaseId);
        if (!created.delete(effect.leaseId)) deleted.add(effect.leaseId);
        return;
      case 'recallRevokedLease': {
        const { leaseId: id, deploymentId } = effect;
        leases.set(id, 'revoked');
        created.set(id, { id, deploymentId, seconds: 0, revoked: true });
        return;
      }
      case 'freeSlot':
        moveSlots(effect.deploymentId, -1);
        return;
    }
  }

  const slotsMoved = ({ id, activeSlots }: DeploymentFacts): [DeploymentId, number][] => {
    const by = activeSlots - (initial.deployments.get(id)?.activeSlots ?? 0);
    return by === 0 ? [] : [[id, by]];
  };

  return {
    facts: () => ({ deployments, leases }),
    apply: effects => effects.forEach(applyOne),
    changes: () => ({
      slots: new Map([...deployments.values()].flatMap(slotsMoved)),
      createdLeases: [...created.values()],
      renewedLeases: renewed,
      deletedLeases: [...deleted],
    }),
  };
}

/** Applies effects to slots and leases, and returns what they did to those of the run. */
export function applyEffects(
  { deploymentId, state }: Pick<FlowRunFacts, 'deploymentId' | 'state'>,
  effects: readonly Effect[],
  tally: ConcurrencyTally,
): Pick<Decision, 'slot' | 'endedLease'> {
  const { deployments, leases } = tally.facts();
  const leaseId = state?.stateDetails.deploymentConcurrencyLeaseId;
  const activeSlots = () => (deploymentId && deployments.get(deploymentId)?.activeSlots) ?? 0;
  const standing = () => leaseId && leases.get(leaseId);
  const [slotsBefore, leaseBefore] = [activeSlots(), standing()];
  tally.apply(effects);
  const moved = activeSlots() - slotsBefore;
  const ended = standing() === undefined ? leaseBefore : undefined;
  return {
    slot: moved === 0 ? null : moved > 0 ? 'TAKEN' : 'FREED',
    endedLease: ended ? (ended === 'holding' ? 'HOLDING' : 'REVOKED') : null,
  };
}
