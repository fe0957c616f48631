import { accepted, decide, replaced, run, state } from '../harness';

const cancelledAtOnce = replaced('NO_INFRASTRUCTURE', 'CANCELLED');
const suspended = state('PAUSED', { name: 'Suspended', stateDetails: { pauseReschedule: true } });

describe.each([false, true])('BypassCancellingFlowRunsWithNoInfra, force: %s', force => {
  const cancel = (...one: Parameters<typeof run>) => decide(run(...one), 'CANCELLING', { force });

  it('a scheduled run without infrastructure is cancelled at once', () => {
    expect(cancel('SCHEDULED')).toMatchObject(cancelledAtOnce);
    expect(cancel('SCHEDULED', { infrastructurePid: '' })).toMatchObject(cancelledAtOnce);
  });

  it('one with infrastructure is cancelled through it', () => {
    expect(cancel('SCHEDULED', { infrastructurePid: '7' })).toMatchObject(accepted);
  });

  it('one that resumes has none yet, whatever it had before', () => {
    const resuming = state('SCHEDULED', { name: 'Resuming' });
    expect(cancel(resuming, { infrastructurePid: '7' })).toMatchObject(cancelledAtOnce);
  });

  it('a suspended run is cancelled at once, a paused one is not', () => {
    expect(cancel(suspended)).toMatchObject(cancelledAtOnce);
    expect(cancel('PAUSED')).toMatchObject(accepted);
  });

  it('a running run is cancelled through its infrastructure', () => {
    expect(cancel('RUNNING')).toMatchObject(accepted);
  });
});
