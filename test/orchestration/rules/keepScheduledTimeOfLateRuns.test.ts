import { markLatePolicy } from '../../../src/orchestration/policies';
import { at, decide, now, run } from '../harness';

const late = { type: 'SCHEDULED', name: 'Late' } as const;

describe('KeepScheduledTimeOfLateRuns', () => {
  it('preserves the scheduled time that has passed', () => {
    const nextScheduledStartTime = at(-3600);
    const outcome = decide(run('SCHEDULED', { nextScheduledStartTime }), late, { policy: markLatePolicy });
    expect(outcome).toMatchObject({
      state: { name: 'Late', stateDetails: { scheduledTime: nextScheduledStartTime } },
      transition: { columns: { nextScheduledStartTime } },
    });
  });

  it('does nothing for a run without a scheduled time', () => {
    const outcome = decide(run('SCHEDULED', { nextScheduledStartTime: null }), late, {
      policy: markLatePolicy,
    });
    expect(outcome).toMatchObject({ state: { stateDetails: { scheduledTime: now } } });
  });
});
