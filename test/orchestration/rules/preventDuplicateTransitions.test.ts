import { accepted, decide, kept, run, state } from '../harness';

const carrying = (transitionId?: string) => ({ type: 'RUNNING' as const, stateDetails: { transitionId } });
const current = state('PENDING', { stateDetails: { transitionId: 'one' } });

describe('PreventDuplicateTransitions', () => {
  it('rejects a transition that was written before', () => {
    expect(decide(run(current), carrying('one'))).toMatchObject({
      ...kept('DUPLICATE_TRANSITION'),
      state: current,
    });
  });

  it('accepts another transition, and one without an id', () => {
    expect(decide(run(current), carrying('two'))).toMatchObject(accepted);
    expect(decide(run(current), carrying())).toMatchObject(accepted);
    expect(decide(run('PENDING'), carrying())).toMatchObject(accepted);
  });

  it('accepts a run without a state', () => {
    expect(decide(run(null), carrying('one'))).toMatchObject(accepted);
  });

  it('is not part of the minimal policy', () => {
    expect(decide(run(current), carrying('one'), { force: true })).toMatchObject(accepted);
  });
});
