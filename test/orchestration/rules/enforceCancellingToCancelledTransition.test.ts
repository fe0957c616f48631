import { stateTypes } from '../../../src/domain/state';
import { accepted, decide, kept, run } from '../harness';

describe('EnforceCancellingToCancelledTransition', () => {
  it.each(stateTypes.filter(type => type !== 'CANCELLED'))(
    'rejects %s for a run that is being cancelled',
    type => {
      expect(decide(run('CANCELLING'), type)).toMatchObject(kept('CANCELLING_ONLY_TO_CANCELLED'));
    },
  );

  it('accepts CANCELLED', () => {
    expect(decide(run('CANCELLING'), 'CANCELLED')).toMatchObject(accepted);
  });

  it('accepts every state by force', () => {
    expect(decide(run('CANCELLING'), 'RUNNING', { force: true })).toMatchObject(accepted);
  });
});
