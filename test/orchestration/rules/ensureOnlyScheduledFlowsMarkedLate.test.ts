import { accepted, decide, kept, run, state } from '../harness';

const late = { type: 'SCHEDULED', name: 'Late' } as const;

describe('EnsureOnlyScheduledFlowsMarkedLate', () => {
  it('a scheduled run becomes late', () => {
    expect(decide(run('SCHEDULED'), late)).toMatchObject({ ...accepted, state: { name: 'Late' } });
  });

  it('once', () => {
    expect(decide(run(state('SCHEDULED', { name: 'Late' })), late)).toMatchObject(kept('ALREADY_LATE'));
  });

  it.each(['PENDING', 'RUNNING', 'PAUSED'] as const)('a run that is %s does not', type => {
    expect(decide(run(type), late)).toMatchObject(kept('ONLY_SCHEDULED_CAN_BE_LATE'));
  });

  it('a run without a state does', () => {
    expect(decide(run(null), late)).toMatchObject(accepted);
  });

  it('other names pass, also one that only looks alike', () => {
    expect(decide(run('RUNNING'), 'SCHEDULED')).toMatchObject(accepted);
    expect(decide(run('RUNNING'), { type: 'SCHEDULED', name: 'late' })).toMatchObject(accepted);
  });
});
