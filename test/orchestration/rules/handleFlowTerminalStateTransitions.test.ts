import { type StateType, terminalStateTypes } from '../../../src/domain/state';
import { aborted, accepted, decide, deployed, kept, replaced, run, state } from '../harness';

const result = { type: 'reference', key: 'stored' };
const completed = state('COMPLETED', { data: result });
const spent = { resuming: true, pauseKeys: ['a'], retryType: 'in_process' as const };

describe('HandleFlowTerminalStateTransitions', () => {
  describe.each(terminalStateTypes)('a run that has ended %s', ended => {
    it.each<StateType>(['CANCELLING', 'PAUSED', 'CRASHED'])('cannot become %s', type => {
      expect(decide(run(ended), type)).toMatchObject(aborted('ALREADY_TERMINAL'));
    });

    it('is not scheduled without a deployment', () => {
      expect(decide(run(ended), 'SCHEDULED')).toMatchObject(aborted('NO_DEPLOYMENT'));
    });

    it('starts again when it is scheduled', () => {
      const { policy } = decide(deployed(ended, { policy: spent }), 'SCHEDULED');
      expect(policy).toMatchObject({ resuming: false, pauseKeys: [], retryType: 'reschedule' });
    });

    it('starts again when it runs', () => {
      const { policy } = decide(run(ended, { policy: spent }), 'RUNNING');
      expect(policy).toMatchObject({ resuming: false, pauseKeys: [], retryType: null });
    });

    it('has its pauses still when it ends in another state', () => {
      const { policy } = decide(run(ended, { policy: { pauseKeys: ['a'] } }), 'FAILED');
      expect(policy).toBeNull();
    });
  });

  it.each<StateType>(['COMPLETED', 'FAILED', 'CRASHED'])(
    'a run that has ended %s and is cancelled without a slot did not start again',
    ended => {
      const full = { concurrencyLimit: 1, activeSlots: 1, collisionStrategy: 'CANCEL_NEW' as const };
      const outcome = decide(deployed(ended, { policy: spent }), 'PENDING', { deployment: full });
      expect(outcome).toMatchObject({ ...replaced('CONCURRENCY_LIMIT_REACHED', 'CANCELLED'), policy: null });
    },
  );

  it.each<StateType>(['SCHEDULED', 'PENDING', 'RUNNING'])('a stored result prevents %s', type => {
    expect(decide(run(completed), type)).toMatchObject({ ...kept('ALREADY_COMPLETED'), state: completed });
  });

  it('a stored result can be replaced by another, and by none only if the run did not complete', () => {
    expect(decide(run(completed), { type: 'COMPLETED', data: result })).toMatchObject(accepted);
    expect(decide(run(completed), 'COMPLETED')).toMatchObject(kept('RESULT_WOULD_BE_LOST'));
    expect(decide(run(completed), 'FAILED')).toMatchObject(accepted);
  });

  it.each([
    ['nothing', null],
    ['an empty object', {}],
    ['unpersisted data', { type: 'unpersisted' }],
    ['a list', [1]],
    ['a text', 'text'],
  ])('%s is not a stored result', (_what, data) => {
    expect(decide(run(state('COMPLETED', { data })), 'RUNNING')).toMatchObject(accepted);
    expect(decide(run(completed), { type: 'COMPLETED', data })).toMatchObject(kept('RESULT_WOULD_BE_LOST'));
  });

  it('the data of a failed run is not a result', () => {
    expect(decide(run(state('FAILED', { data: result })), 'RUNNING')).toMatchObject(accepted);
  });

  describe('by force', () => {
    it('a stored result is still preserved', () => {
      expect(decide(run(completed), 'COMPLETED', { force: true })).toMatchObject(
        kept('RESULT_WOULD_BE_LOST'),
      );
    });

    it.each<StateType>(['CANCELLING', 'PAUSED', 'SCHEDULED', 'RUNNING', 'CRASHED'])(
      'an ended run becomes %s, with an unchanged policy',
      type => {
        const { verdict, policy } = decide(run(completed, { policy: { pauseKeys: ['a'] } }), type, {
          force: true,
        });
        expect({ verdict, policy }).toEqual({ ...accepted, policy: null });
      },
    );
  });
});
