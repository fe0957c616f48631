import { accepted, at, decide, deployed, freshPolicy, kept, replaced, run, state } from '../harness';

const paused = (pauseTimeout = at(60)) => state('PAUSED', { stateDetails: { pauseTimeout } });
const suspended = state('PAUSED', { stateDetails: { pauseReschedule: true } });
const resuming = { ...freshPolicy, resuming: true };

describe('HandleResumingPausedFlows', () => {
  it('a run that goes on does not begin anew', () => {
    const { transition, policy } = decide(run(paused(), { runCount: 1 }), 'RUNNING');
    expect(transition?.columns.runCount).toBe(2);
    expect(policy).toEqual(resuming);
  });

  it('a run that is scheduled to go on does not count as started again', () => {
    const scheduled = run('SCHEDULED', { runCount: 1, policy: { resuming: true } });
    const { transition, policy } = decide(scheduled, 'RUNNING');
    expect(transition?.columns.runCount).toBe(1);
    expect(policy).toEqual(freshPolicy);
  });

  it.each(['SCHEDULED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'CANCELLING'] as const)(
    'a paused run becomes %s, and is resuming',
    type => {
      expect(decide(run(paused()), type)).toMatchObject({ ...accepted, policy: resuming });
    },
  );

  it('it cannot become PENDING; it is resuming all the same', () => {
    expect(decide(run(paused()), 'PENDING')).toMatchObject({
      ...kept('CANNOT_LEAVE_PAUSE'),
      policy: resuming,
    });
  });

  it('it cannot be paused again: the rule before it says so, and it is not resuming', () => {
    expect(decide(run(paused()), 'PAUSED')).toMatchObject({
      ...kept('CANNOT_PAUSE_UNLESS_RUNNING'),
      policy: null,
    });
  });

  it('a suspended run goes on only where it can be started', () => {
    expect(decide(deployed(suspended), 'SCHEDULED')).toMatchObject(accepted);
    expect(decide(run(suspended), 'SCHEDULED')).toMatchObject({
      ...kept('CANNOT_RESUME_WITHOUT_DEPLOYMENT'),
      policy: resuming,
    });
  });

  it('a pause that lasted too long fails the run', () => {
    expect(decide(run(paused(at(-1))), 'RUNNING')).toMatchObject({
      ...replaced('PAUSE_TIMED_OUT', 'FAILED'),
      policy: resuming,
    });
  });

  it('the moment at which it ends is still in time', () => {
    expect(decide(run(paused(at(0))), 'RUNNING')).toMatchObject(accepted);
    expect(decide(run(paused(at(-0.000001))), 'RUNNING')).toMatchObject(
      replaced('PAUSE_TIMED_OUT', 'FAILED'),
    );
  });

  it('a run is cancelled however long the pause was', () => {
    expect(decide(run(paused(at(-1))), 'CANCELLING')).toMatchObject(accepted);
  });

  it('by force a run leaves its pause and is not resuming', () => {
    expect(decide(run(paused()), 'PENDING', { force: true })).toMatchObject({ ...accepted, policy: null });
  });
});
