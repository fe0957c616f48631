import { accepted, decide, replaced, run, state } from '../harness';

const cancelledAtOnce = replaced('NO_INFRASTRUCTURE', 'CANCELLED');
const suspended = state('PAUSED', { name: 'Suspended', stateDetails: { pauseReschedule: true } });

describe.each([false, true])('BypassCancellingFlowRunsWithNoInfra, force: %s', force => {
  const cancel = (...one: Parameters<typeof run>) => decide(run(...one), 'CANCELLING', { force });

  it('cancels a scheduled run without infrastructure at once', () => {
    expect(cancel('SCHEDULED')).toMatchObject(cancelledAtOnce);
    expect(cancel('SCHEDULED', { infrastructurePid: '' })).toMatchObject(cancelledAtOnce);
  });

  it('does not cancel a run with infrastructure at once', () => {
    expect(cancel('SCHEDULED', { infrastructurePid: '7' })).toMatchObject(accepted);
  });

  it('cancels a resuming run at once, which has no infrastructure yet', () => {
    const resuming = state('SCHEDULED', { name: 'Resuming' });
    expect(cancel(resuming, { infrastructurePid: '7' })).toMatchObject(cancelledAtOnce);
  });

  it('cancels a suspended run at once, and a paused one not', () => {
    expect(cancel(suspended)).toMatchObject(cancelledAtOnce);
    expect(cancel('PAUSED')).toMatchObject(accepted);
  });

  it('does not cancel a running run at once', () => {
    expect(cancel('RUNNING')).toMatchObject(accepted);
  });
});
