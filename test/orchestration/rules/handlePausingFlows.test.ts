import { aborted, accepted, decide, deployed, kept, parentTaskRun, run, subflow } from '../harness';

const pause = (pauseKey?: string) => ({ type: 'PAUSED' as const, stateDetails: { pauseKey } });
const suspend = { type: 'PAUSED', name: 'Suspended', stateDetails: { pauseReschedule: true } } as const;

describe('HandlePausingFlows', () => {
  it('a run without a state cannot be paused', () => {
    expect(decide(run(null), 'PAUSED')).toMatchObject(aborted('CANNOT_PAUSE_WITHOUT_STATE'));
  });

  it.each(['SCHEDULED', 'PENDING', 'PAUSED'] as const)('nor can one that is %s', type => {
    expect(decide(run(type), 'PAUSED')).toMatchObject(kept('CANNOT_PAUSE_UNLESS_RUNNING'));
  });

  it('a pause fires once', () => {
    const paused = run('RUNNING', { policy: { pauseKeys: ['a'] } });
    expect(decide(paused, pause('a'))).toMatchObject(kept('PAUSE_ALREADY_FIRED'));
    expect(decide(paused, pause('a')).policy).toBeNull();
  });

  it('a pause that fires joins those that have, in their order', () => {
    const paused = run('RUNNING', { policy: { pauseKeys: ['a', 'c'] } });
    expect(decide(paused, pause('b'))).toMatchObject({ ...accepted, policy: { pauseKeys: ['a', 'b', 'c'] } });
  });

  it('a pause without a key gets one, which only the policy knows', () => {
    const { policy, state } = decide(run('RUNNING'), 'PAUSED');
    expect(policy?.pauseKeys).toEqual(['new pause 1']);
    expect(state?.stateDetails.pauseKey).toBeUndefined();
  });

  it('a run is suspended where it can be started again', () => {
    expect(decide(deployed('RUNNING'), suspend)).toMatchObject(accepted);
    expect(decide(run('RUNNING'), suspend)).toMatchObject(aborted('CANNOT_SUSPEND_WITHOUT_DEPLOYMENT'));
  });

  it('a subflow is paused, but never suspended', () => {
    expect(decide(subflow('RUNNING', parentTaskRun('RUNNING')), 'PAUSED')).toMatchObject(accepted);
    expect(decide(subflow('RUNNING', null), suspend)).toMatchObject(aborted('CANNOT_SUSPEND_SUBFLOW'));
  });

  it('by force anything is paused, and no key is kept', () => {
    expect(decide(run('PENDING'), pause('a'), { force: true })).toMatchObject({ ...accepted, policy: null });
  });
});
