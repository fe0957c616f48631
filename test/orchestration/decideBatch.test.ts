import { ownAuthor } from '../../src/domain/state';
import { completeProposal } from '../../src/orchestration/states';
import { accepted, at, decide, deployed, kept, leased, now, run, state, untouched } from './harness';

describe('a proposal', () => {
  it('has the name of its type by default', () => {
    expect(completeProposal({ type: 'CANCELLING' }, now)).toEqual({
      type: 'CANCELLING',
      name: 'Cancelling',
      message: null,
      data: null,
      stateDetails: {},
    });
  });

  it('of SCHEDULED without a time is scheduled now', () => {
    const scheduledTime = (details?: object) =>
      completeProposal({ type: 'SCHEDULED', stateDetails: details }, now).stateDetails.scheduledTime;
    expect(scheduledTime()).toBe(now);
    expect(scheduledTime({ deferred: true })).toBe(now);
    expect(scheduledTime({ scheduledTime: at(60) })).toBe(at(60));
  });

  it('of another type has no scheduled time', () => {
    expect(completeProposal({ type: 'PENDING' }, now).stateDetails.scheduledTime).toBeUndefined();
  });

  it('preserves an empty name and false as data', () => {
    const said = { type: 'RUNNING', name: '', message: '', data: false } as const;
    expect(completeProposal(said, now)).toMatchObject(said);
  });

  it('is not modified', () => {
    const proposal = { type: 'SCHEDULED', stateDetails: {} } as const;
    completeProposal(proposal, now);
    expect(proposal).toEqual({ type: 'SCHEDULED', stateDetails: {} });
  });
});

describe('a decision', () => {
  it('that accepts writes the proposed state', () => {
    const answer = decide(run('PENDING'), 'RUNNING');
    expect(answer).toMatchObject({ ...accepted, flowRunId: 'run', policy: null });
    expect(answer.state).toEqual({
      id: 'new state 1',
      type: 'RUNNING',
      name: 'Running',
      timestamp: now,
      message: null,
      data: null,
      stateDetails: { flowRunId: 'run' },
      ...ownAuthor,
    });
    expect(answer.transition).toMatchObject({ state: answer.state, previousState: state('PENDING') });
  });

  it('that rejects without a state returns the current state', () => {
    const current = state('RUNNING');
    expect(decide(run(current), 'PENDING')).toMatchObject({ state: current, transition: null, policy: null });
  });

  it('that rejects for a run without a state returns none', () => {
    expect(decide(run(null), 'PAUSED')).toMatchObject({ state: null, transition: null });
  });

  it('has the id of the run, for any proposed owner', () => {
    const stateDetails = { flowRunId: run(null, {}).id, childFlowRunId: run(null).id };
    const { state: written } = decide(run('PENDING'), { type: 'RUNNING', stateDetails });
    expect(written?.stateDetails).toMatchObject({ flowRunId: 'run', childFlowRunId: 'run' });
  });

  it('has every reason as a sentence', () => {
    const { verdict } = decide(run('CANCELLING'), 'RUNNING');
    expect(verdict).toEqual({
      status: 'REJECT',
      code: 'CANCELLING_ONLY_TO_CANCELLED',
      reason: 'The run is being cancelled, and can become CANCELLED but not RUNNING.',
    });
  });

  it('by force applies only the minimal policy', () => {
    expect(decide(run('CANCELLING'), 'RUNNING', { force: true })).toMatchObject(accepted);
  });

  it('names the rules that had an effect, in order', () => {
    const world = { deployment: { concurrencyLimit: 1, activeSlots: 1 }, leases: ['lease'] };
    const { trace } = decide(deployed(leased('RUNNING')), 'COMPLETED', world);
    expect(trace.map(({ rule, effect }) => [rule, effect])).toEqual([
      ['PreserveDeploymentConcurrencyLeaseId', 'AMENDED'],
      ['InstrumentFlowRunStateTransitions', 'FOLLOWED_UP'],
      ['ReleaseFlowConcurrencySlots', 'FOLLOWED_UP'],
    ]);
    expect(trace.every(({ note }) => note?.endsWith('.'))).toBe(true);
  });

  it('applies no rule after a rejection', () => {
    const twice = state('CANCELLING', { stateDetails: { transitionId: 'one' } });
    const proposal = { type: 'RUNNING', stateDetails: { transitionId: 'one' } } as const;
    expect(decide(run(twice), proposal)).toMatchObject({
      ...kept('DUPLICATE_TRANSITION'),
      spoke: ['PreventDuplicateTransitions'],
    });
  });

  it('drops amendments before a rejection', () => {
    const ended = deployed('FAILED', { policy: { pauseKeys: ['a'], retryType: 'in_process' } });
    const answer = decide(ended, 'PENDING', { deployment: { concurrencyLimit: 1, activeSlots: 1 } });
    expect(answer.spoke.slice(0, 2)).toEqual([
      'HandleFlowTerminalStateTransitions',
      'SecureFlowConcurrencySlots',
    ]);
    expect(answer).toMatchObject({ policy: null, concurrency: untouched });
  });

  it('has only changed fields of the policy', () => {
    const fresh = deployed('FAILED', { policy: { retryType: 'reschedule' } });
    expect(decide(fresh, 'SCHEDULED').policy).toBeNull();
    expect(decide(deployed('FAILED'), 'SCHEDULED').policy).toMatchObject({ retryType: 'reschedule' });
  });
});
