import { at, decide, run, state } from '../harness';

const scheduled = run(state('SCHEDULED', { stateDetails: { scheduledTime: at(-5) } }));

describe('CopyScheduledTime', () => {
  it('copies the scheduled time of the current state', () => {
    expect(decide(scheduled, 'PENDING').state?.stateDetails.scheduledTime).toBe(at(-5));
  });

  it('does not replace a proposed time', () => {
    const proposed = { type: 'PENDING', stateDetails: { scheduledTime: at(9) } } as const;
    expect(decide(scheduled, proposed).state?.stateDetails.scheduledTime).toBe(at(9));
  });

  it('does not apply to other states, or by force', () => {
    expect(decide(scheduled, 'RUNNING').state?.stateDetails.scheduledTime).toBeUndefined();
    expect(decide(scheduled, 'PENDING', { force: true }).spoke).not.toContain('CopyScheduledTime');
  });
});
