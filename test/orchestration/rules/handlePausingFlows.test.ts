import { aborted, accepted, decide, deployed, kept, parentTaskRun, run, subflow } from '../harness';

const pause = (pauseKey?: string) => ({ type: 'PAUSED' as const, stateDetails: { pauseKey } });
const suspend = { type: 'PAUSED', name: 'Suspended', stateDetails: { pauseReschedule: true } } as const;

describe('HandlePausingFlows', () => {
  it('rejects a pause of a run without a state', () => {
    expect(decide(run(null), 'PAUSED')).toMatchObject(aborted('CANNOT_PAUSE_WITHOUT_STATE'));
  });

  it.each(['SCHEDULED', 'PENDING', 'PAUSED'] as const)('rejects a pause of a run that is %s', type => {
    expect(decide(run(type), 'PAUSED')).toMatchObject(kept('CANNOT_PAUSE_UNLESS_RUNNING'));
  });

  it('accepts a pause key once', () => {
    const paused = run('RUNNING', { policy: { pauseKeys: ['a'] } });
    expect(decide(paused, pause('a'))).toMatchObject(kept('PAUSE_ALREADY_FIRED'));
    expect(decide(paused, pause('a')).policy).toBeNull();
  });

  it('adds the pause key to the earlier ones, in order', () => {
    const paused = run('RUNNING', { policy: { pauseKeys: ['a', 'c'] } });
    expect(decide(paused, pause('b'))).toMatchObject({ ...accepted, policy: { pauseKeys: ['a', 'b', 'c'] } });
  });

  it('makes a key for a pause without one, and stores it in the policy only', () => {
    const { policy, state } = decide(run('RUNNING'), 'PAUSED');
    expect(policy?.pauseKeys).toEqual(['new pause 1']);
    expect(state?.stateDetails.pauseKey).toBeUndefined();
  });

  it('suspends a run that can be started again', () => {
    expect(decide(deployed('RUNNING'), suspend)).toMatchObject(accepted);
    expect(decide(run('RUNNING'), suspend)).toMatchObject(aborted('CANNOT_SUSPEND_WITHOUT_DEPLOYMENT'));
  });

  it('pauses a subflow, and never suspends it', () => {
    expect(decide(subflow('RUNNING', parentTaskRun('RUNNING')), 'PAUSED')).toMatchObject(accepted);
    expect(decide(subflow('RUNNING', null), suspend)).toMatchObject(aborted('CANNOT_SUSPEND_SUBFLOW'));
  });

  it('pauses any run by force, without a key', () => {
    expect(decide(run('PENDING'), pause('a'), { force: true })).toMatchObject({ ...accepted, policy: null });
  });
});
