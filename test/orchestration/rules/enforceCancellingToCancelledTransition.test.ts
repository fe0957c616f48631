import { stateTypes } from '../../../src/domain/state';
import { accepted, decide, kept, run } from '../harness';

describe('EnforceCancellingToCancelledTransition', () => {
  it.each(stateTypes.filter(type => type !== 'CANCELLED'))('a run being cancelled cannot become %s', type => {
    expect(decide(run('CANCELLING'), type)).toMatchObject(kept('CANCELLING_ONLY_TO_CANCELLED'));
  });

  it('it becomes CANCELLED', () => {
    expect(decide(run('CANCELLING'), 'CANCELLED')).toMatchObject(accepted);
  });

  it('by force it becomes anything', () => {
    expect(decide(run('CANCELLING'), 'RUNNING', { force: true })).toMatchObject(accepted);
  });
});
