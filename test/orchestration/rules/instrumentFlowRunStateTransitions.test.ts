import { stateTypes } from '../../../src/domain/state';
import { decide, deployed, run } from '../harness';

const rule = 'InstrumentFlowRunStateTransitions';

describe('InstrumentFlowRunStateTransitions', () => {
  it.each(stateTypes)('announces that a run became %s', type => {
    expect(decide(run(null), type, { force: true }).spoke).toEqual([rule]);
  });

  it('announces the state that was written instead', () => {
    const { trace } = decide(run('SCHEDULED'), 'CANCELLING');
    expect(trace.at(-1)).toEqual({ rule, effect: 'FOLLOWED_UP', note: '"Cancelled" is announced.' });
  });

  it('announces nothing if nothing is written', () => {
    expect(decide(deployed('PENDING'), 'PENDING').spoke).not.toContain(rule);
  });
});
