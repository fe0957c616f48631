import { accepted, at, decide, deployed, leased, replaced, run, untouched } from '../harness';

const failing = (retries: number | null, runCount: number, retryDelay: number | null = null) =>
  run('RUNNING', { runCount, policy: { retries, retryDelay, retryType: 'in_process' } });
const retried = replaced('RETRYING', 'SCHEDULED', 'AwaitingRetry');

describe('RetryFailedFlows', () => {
  it('schedules a failed run again', () => {
    const { state, ...outcome } = decide(failing(2, 1, 10), 'FAILED');
    expect({ ...outcome, state }).toMatchObject(retried);
    expect(state?.stateDetails.scheduledTime).toBe(at(10));
  });

  it('schedules it at once without a delay', () => {
    expect(decide(failing(2, 1), 'FAILED').state?.stateDetails.scheduledTime).toBe(at(0));
  });

  it('schedules it as often as the policy allows', () => {
    expect(decide(failing(2, 2), 'FAILED')).toMatchObject(retried);
    expect(decide(failing(2, 3), 'FAILED')).toMatchObject({ ...accepted, policy: { retryType: null } });
    expect(decide(failing(0, 1), 'FAILED')).toMatchObject(accepted);
  });

  it('does not schedule it without a policy', () => {
    expect(decide(failing(null, 1), 'FAILED')).toMatchObject({ ...accepted, policy: { retryType: null } });
  });

  it('resets its pauses and its resuming', () => {
    const worn = run('RUNNING', { policy: { retries: 1, resuming: true, pauseKeys: ['a'] } });
    expect(decide(worn, 'FAILED').policy).toMatchObject({
      resuming: false,
      pauseKeys: [],
      retryType: 'in_process',
    });
  });

  it('copies message and data of the failure, and the lease of the run', () => {
    const holding = deployed(leased('RUNNING'), { policy: { retries: 1 } });
    const proposed = { type: 'FAILED', message: 'It broke.', data: { why: 'rain' } } as const;
    expect(decide(holding, proposed).state).toMatchObject({
      message: 'It broke.',
      data: { why: 'rain' },
      stateDetails: { deploymentConcurrencyLeaseId: 'lease' },
    });
  });

  it('does not free its slot', () => {
    const holding = deployed(leased('RUNNING'), { policy: { retries: 1 } });
    const world = { deployment: { concurrencyLimit: 1, activeSlots: 1 }, leases: ['lease'] };
    expect(decide(holding, 'FAILED', world).concurrency).toEqual(untouched);
  });

  it('applies only to running runs that fail', () => {
    expect(decide(run('PENDING', { policy: { retries: 1 } }), 'FAILED')).toMatchObject(accepted);
    expect(decide(failing(2, 1), 'CRASHED')).toMatchObject(accepted);
    expect(decide(failing(2, 1), 'FAILED', { force: true })).toMatchObject(accepted);
  });
});
