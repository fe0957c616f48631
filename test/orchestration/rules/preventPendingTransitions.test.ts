import { aborted, accepted, at, decide, leased, leaseId, run, state } from '../harness';

const submitting = { type: 'PENDING', name: 'Submitting' } as const;

describe('PreventPendingTransitions', () => {
  it.each(['PENDING', 'RUNNING', 'CANCELLED'] as const)('rejects PENDING for a run that is %s', type => {
    expect(decide(run(type), 'PENDING')).toMatchObject(aborted('PENDING_NOT_ALLOWED'));
  });

  it('follows the rule for runs that are being cancelled', () => {
    expect(decide(run('CANCELLING'), 'PENDING').spoke).toEqual(['EnforceCancellingToCancelledTransition']);
  });

  it('accepts another name for a pending run', () => {
    expect(decide(run('PENDING'), submitting)).toMatchObject({ ...accepted, state: { name: 'Submitting' } });
  });

  it('rejects "Pending" and the current name', () => {
    const submitted = state('PENDING', { name: 'Submitting' });
    expect(decide(run(submitted), 'PENDING')).toMatchObject(aborted('PENDING_NOT_ALLOWED'));
    expect(decide(run(submitted), submitting)).toMatchObject(aborted('PENDING_NOT_ALLOWED'));
  });

  it('copies scheduled time and lease from the current state only', () => {
    const stateDetails = { scheduledTime: at(90), deploymentConcurrencyLeaseId: leaseId('other') };
    const fromLeased = decide(run(leased('PENDING')), { ...submitting, stateDetails }).state?.stateDetails;
    expect(fromLeased).toMatchObject({
      scheduledTime: undefined,
      deploymentConcurrencyLeaseId: 'lease',
    });
    const scheduled = state('PENDING', { stateDetails: { scheduledTime: at(5) } });
    const fromScheduled = decide(run(scheduled), { ...submitting, stateDetails }).state?.stateDetails;
    expect(fromScheduled).toMatchObject({ scheduledTime: at(5), deploymentConcurrencyLeaseId: undefined });
  });

  it('is not part of the minimal policy', () => {
    expect(decide(run('RUNNING'), 'PENDING', { force: true })).toMatchObject(accepted);
  });
});
