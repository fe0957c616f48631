import { at, decide, run, state } from '../harness';

const scheduled = run(state('SCHEDULED', { stateDetails: { scheduledTime: at(-5) } }));

describe('CopyScheduledTime', () => {
  it('takes the scheduled time over', () => {
    expect(decide(scheduled, 'PENDING').state?.stateDetails.scheduledTime).toBe(at(-5));
  });

  it('leaves the one that is proposed', () => {
    const proposed = { type: 'PENDING', stateDetails: { scheduledTime: at(9) } } as const;
    expect(decide(scheduled, proposed).state?.stateDetails.scheduledTime).toBe(at(9));
  });

  it('is silent to other states, and by force', () => {
    expect(decide(scheduled, 'RUNNING').state?.stateDetails.scheduledTime).toBeUndefined();
    expect(decide(scheduled, 'PENDING', { force: true }).spoke).not.toContain('CopyScheduledTime');
  });
});
