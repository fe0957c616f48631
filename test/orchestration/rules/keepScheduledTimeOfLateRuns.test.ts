import { markLatePolicy } from '../../../src/orchestration/policies';
import { at, decide, now, run } from '../harness';

const late = { type: 'SCHEDULED', name: 'Late' } as const;

describe('KeepScheduledTimeOfLateRuns', () => {
  it('leaves the run scheduled for the time that has passed', () => {
    const nextScheduledStartTime = at(-3600);
    const outcome = decide(run('SCHEDULED', { nextScheduledStartTime }), late, { policy: markLatePolicy });
    expect(outcome).toMatchObject({
      state: { name: 'Late', stateDetails: { scheduledTime: nextScheduledStartTime } },
      transition: { columns: { nextScheduledStartTime } },
    });
  });

  it('has nothing to keep where the run has no scheduled time', () => {
    const outcome = decide(run('SCHEDULED', { nextScheduledStartTime: null }), late, {
      policy: markLatePolicy,
    });
    expect(outcome).toMatchObject({ state: { stateDetails: { scheduledTime: now } } });
  });
});
