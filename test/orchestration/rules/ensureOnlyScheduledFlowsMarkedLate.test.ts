import { accepted, decide, kept, run, state } from '../harness';

const late = { type: 'SCHEDULED', name: 'Late' } as const;

describe('EnsureOnlyScheduledFlowsMarkedLate', () => {
  it('accepts Late for a scheduled run', () => {
    expect(decide(run('SCHEDULED'), late)).toMatchObject({ ...accepted, state: { name: 'Late' } });
  });

  it('rejects Late for a late run', () => {
    expect(decide(run(state('SCHEDULED', { name: 'Late' })), late)).toMatchObject(kept('ALREADY_LATE'));
  });

  it.each(['PENDING', 'RUNNING', 'PAUSED'] as const)('rejects Late for a run that is %s', type => {
    expect(decide(run(type), late)).toMatchObject(kept('ONLY_SCHEDULED_CAN_BE_LATE'));
  });

  it('accepts Late for a run without a state', () => {
    expect(decide(run(null), late)).toMatchObject(accepted);
  });

  it('accepts other names, also similar ones', () => {
    expect(decide(run('RUNNING'), 'SCHEDULED')).toMatchObject(accepted);
    expect(decide(run('RUNNING'), { type: 'SCHEDULED', name: 'late' })).toMatchObject(accepted);
  });
});
