import { accepted, at, decide, deployed, freshPolicy, kept, replaced, run, state } from '../harness';

const paused = (pauseTimeout = at(60)) => state('PAUSED', { stateDetails: { pauseTimeout } });
const suspended = state('PAUSED', { stateDetails: { pauseReschedule: true } });
const resuming = { ...freshPolicy, resuming: true };

describe('HandleResumingPausedFlows', () => {
  it('does not start a resumed run again', () => {
    const { transition, policy } = decide(run(paused(), { runCount: 1 }), 'RUNNING');
    expect(transition?.columns.runCount).toBe(2);
    expect(policy).toEqual(resuming);
  });

  it('does not count a scheduled resume as another start', () => {
    const scheduled = run('SCHEDULED', { runCount: 1, policy: { resuming: true } });
    const { transition, policy } = decide(scheduled, 'RUNNING');
    expect(transition?.columns.runCount).toBe(1);
    expect(policy).toEqual(freshPolicy);
  });

  it.each(['SCHEDULED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'CANCELLING'] as const)(
    'resumes a paused run as %s',
    type => {
      expect(decide(run(paused()), type)).toMatchObject({ ...accepted, policy: resuming });
    },
  );

  it('rejects PENDING, and marks the run as resuming', () => {
    expect(decide(run(paused()), 'PENDING')).toMatchObject({
      ...kept('CANNOT_LEAVE_PAUSE'),
      policy: resuming,
    });
  });

  it('leaves a second pause to the rule before it, and does not mark the run as resuming', () => {
    expect(decide(run(paused()), 'PAUSED')).toMatchObject({
      ...kept('CANNOT_PAUSE_UNLESS_RUNNING'),
      policy: null,
    });
  });

  it('resumes a suspended run only if it can be started', () => {
    expect(decide(deployed(suspended), 'SCHEDULED')).toMatchObject(accepted);
    expect(decide(run(suspended), 'SCHEDULED')).toMatchObject({
      ...kept('CANNOT_RESUME_WITHOUT_DEPLOYMENT'),
      policy: resuming,
    });
  });

  it('fails a run whose pause timed out', () => {
    expect(decide(run(paused(at(-1))), 'RUNNING')).toMatchObject({
      ...replaced('PAUSE_TIMED_OUT', 'FAILED'),
      policy: resuming,
    });
  });

  it('resumes a run at exactly the time-out', () => {
    expect(decide(run(paused(at(0))), 'RUNNING')).toMatchObject(accepted);
    expect(decide(run(paused(at(-0.000001))), 'RUNNING')).toMatchObject(
      replaced('PAUSE_TIMED_OUT', 'FAILED'),
    );
  });

  it('cancels a run after any pause', () => {
    expect(decide(run(paused(at(-1))), 'CANCELLING')).toMatchObject(accepted);
  });

  it('does not mark a run as resuming by force', () => {
    expect(decide(run(paused()), 'PENDING', { force: true })).toMatchObject({ ...accepted, policy: null });
  });
});
