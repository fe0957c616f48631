import { markLatePolicy } from '../../../src/orchestration/policies';
import { accepted, decide, deployed, kept, replaced, state, untouched } from '../harness';

const late = { type: 'SCHEDULED', name: 'Late' } as const;
const full = { concurrencyLimit: 2, activeSlots: 2, collisionStrategy: 'CANCEL_NEW' } as const;

describe('EnforceDeploymentConcurrencyOnLate', () => {
  const markLate = (deployment: object | null) =>
    decide(deployed('SCHEDULED'), late, { policy: markLatePolicy, deployment });

  it('cancels a run of a full deployment with CANCEL_NEW', () => {
    expect(markLate(full)).toMatchObject(replaced('CONCURRENCY_LIMIT_REACHED', 'CANCELLED'));
    expect(markLate({ ...full, concurrencyLimit: 0, activeSlots: 0 })).toMatchObject(
      replaced('CONCURRENCY_LIMIT_REACHED', 'CANCELLED'),
    );
  });

  it.each([
    ['has a free slot', { ...full, activeSlots: 1 }],
    ['lets runs wait', { ...full, collisionStrategy: 'ENQUEUE' }],
    ['has no limit', { ...full, concurrencyLimit: null }],
    ['is gone', null],
  ])('takes no slot and accepts when the deployment %s', (_how, deployment) => {
    const outcome = markLate(deployment);
    expect(outcome).toMatchObject({ ...accepted, state: late });
    expect(outcome.concurrency).toEqual(untouched);
  });

  it('accepts other names than Late', () => {
    const outcome = decide(deployed('SCHEDULED'), 'SCHEDULED', { policy: markLatePolicy, deployment: full });
    expect(outcome).toMatchObject(accepted);
  });

  it('follows the rule that a run is late only once', () => {
    const outcome = decide(deployed(state('SCHEDULED', { name: 'Late' })), late, {
      policy: markLatePolicy,
      deployment: full,
    });
    expect(outcome).toMatchObject(kept('ALREADY_LATE'));
  });
});
