import { accepted, at, decide, run, state } from '../harness';

const scheduledIn = (seconds: number, type: 'SCHEDULED' | 'PENDING' = 'SCHEDULED') =>
  run(state(type, { stateDetails: { scheduledTime: at(seconds) } }));
const wait = (delaySeconds: number) => ({
  verdict: { status: 'WAIT', code: 'SCHEDULED_IN_FUTURE', delaySeconds },
  transition: null,
});

describe('WaitForScheduledTime', () => {
  it.each(['SCHEDULED', 'PENDING'] as const)('rejects a start before the scheduled time from %s', type => {
    const early = scheduledIn(60, type);
    expect(decide(early, 'RUNNING')).toMatchObject({ ...wait(60), state: early.state });
  });

  it.each([
    [0.6, 1],
    [1.4, 1],
    [1.500001, 2],
    [59.9, 60],
  ])('%s s give a delay of %s', (seconds, delaySeconds) => {
    expect(decide(scheduledIn(seconds), 'RUNNING')).toMatchObject(wait(delaySeconds));
  });

  it('half a second gives no delay', () => {
    expect(decide(scheduledIn(0.5), 'RUNNING')).toMatchObject(accepted);
    expect(decide(scheduledIn(2.5), 'RUNNING')).toMatchObject(wait(2));
  });

  it.each([0.4, 0, -60])('accepts a start in %s s', seconds => {
    expect(decide(scheduledIn(seconds), 'RUNNING')).toMatchObject(accepted);
  });

  it('accepts a run without a scheduled time', () => {
    expect(decide(run('SCHEDULED'), 'RUNNING')).toMatchObject(accepted);
  });

  it('is not part of the minimal policy', () => {
    expect(decide(scheduledIn(60), 'RUNNING', { force: true })).toMatchObject(accepted);
  });
});
