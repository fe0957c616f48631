import type { BeforeTransition } from '../../src/domain/bulkOperation';
import type { BatchDecision, Decision } from '../../src/domain/decision';
import type { DeploymentFacts, FlowRunFacts, LeaseStanding } from '../../src/domain/facts';
import type { BulkOperationId, LeaseId, StateId } from '../../src/domain/identifiers';
import type { State, StateAuthor } from '../../src/domain/state';
import { beforeTransition } from '../../src/orchestration/beforeTransition';
import { decideUndo } from '../../src/orchestration/undo';
import {
  at,
  decide,
  deployed,
  deploymentId,
  flowRunId,
  leased,
  leaseId,
  parentTaskRun,
  run,
  state,
  subflow,
  untouched,
} from './harness';

const limited: DeploymentFacts = {
  id: deploymentId,
  concurrencyLimit: 2,
  collisionStrategy: 'ENQUEUE',
  gracePeriodSeconds: null,
  activeSlots: 1,
};

/** A run as a decision left it. */
function moved(one: FlowRunFacts, { state: entered, transition, policy }: Decision): FlowRunFacts {
  if (transition === null) throw new Error('nothing was written');
  const parent = one.parentTaskRun;
  const copy = transition.parentTaskRun;
  return {
    ...one,
    ...transition.columns,
    state: entered,
    policy: policy ?? one.policy,
    parentTaskRun: parent && copy ? { ...parent, ...copy.columns } : parent,
  };
}

const undoer: StateAuthor = { actor: 'undoer', bulkOperationId: 'the undo' as BulkOperationId };

interface Undone {
  run: FlowRunFacts;
  before: BeforeTransition | null;
  previousState: State | null;
  parentPreviousState?: State | null;
}

/** Undoes decisions, ten seconds later. */
function undo(
  runs: readonly Undone[],
  deployment: DeploymentFacts = limited,
  leases: Record<string, LeaseStanding> = {},
): BatchDecision {
  let made = 0;
  return decideUndo({
    runs: runs.map(undone => undone.run),
    restorations: new Map(
      runs.flatMap(({ run: one, before, previousState, parentPreviousState = null }) =>
        before === null ? [] : [[one.id, { before, previousState, parentPreviousState }]],
      ),
    ),
    concurrency: {
      deployments: new Map([[deploymentId, deployment]]),
      leases: new Map(Object.entries(leases).map(([id, standing]) => [leaseId(id), standing])),
    },
    note: 'restored by a test',
    call: {
      now: at(10),
      author: undoer,
      callerRenewsLeases: false,
      defaultLeaseSeconds: 300,
      slotWaitSeconds: 30,
      newStateId: () => `restored ${++made}` as StateId,
      newLeaseId: () => 'no lease is made' as LeaseId,
      newPauseKey: () => 'no key is made',
    },
  });
}

/** Undoes what was decided about one run. */
function undoOf(
  one: FlowRunFacts,
  decision: Decision,
  deployment?: DeploymentFacts,
  leases?: Record<string, LeaseStanding>,
): Decision & Pick<BatchDecision, 'concurrency'> {
  const undone = {
    run: moved(one, decision),
    before: beforeTransition(one, decision),
    previousState: one.state,
  };
  const { decisions, concurrency } = undo([undone], deployment, leases);
  const [only] = decisions;
  if (only === undefined) throw new Error('nothing was decided');
  return { ...only, concurrency };
}

describe('an undo', () => {
  test('writes a state equal to the earlier one, with an id, a time, an author and a note of its own', () => {
    const earlier = state('RUNNING', {
      name: 'Busy',
      message: 'at work',
      data: { type: 'reference' },
      stateDetails: { scheduledTime: at(-100), retriable: true },
    });
    const one = run(earlier);
    const undone = undoOf(one, decide(one, 'FAILED'));
    expect(undone.verdict).toEqual({ status: 'ACCEPT' });
    expect(undone.transition?.state).toEqual({
      ...earlier,
      ...undoer,
      id: 'restored 1',
      timestamp: at(10),
      message: 'at work (restored by a test)',
    });
  });

  test('says in the message which undo restored a state that had none', () => {
    const one = run(state('RUNNING'));
    const undone = undoOf(one, decide(one, 'FAILED'));
    expect(undone.transition?.state.message).toBe('restored by a test');
  });

  test('restores the columns and the policy that the operation changed, and no others', () => {
    const one = run(state('COMPLETED'), {
      deploymentId,
      runCount: 2,
      startTime: at(-300),
      endTime: at(-60),
      expectedStartTime: at(-310),
      totalRunTime: 240,
      policy: { retries: 3, retryDelay: 5, pauseKeys: ['key'], resuming: true, retryType: 'in_process' },
    });
    const decision = decide(one, 'SCHEDULED');
    expect(beforeTransition(one, decision)).toEqual({
      columns: {
        endTime: at(-60),
        nextScheduledStartTime: null,
        pauseKeys: ['key'],
        resuming: true,
        retryType: 'in_process',
      },
    });
    const { transition, policy } = undoOf(one, decision);
    expect(policy).toEqual(one.policy);
    expect(transition?.columns).toMatchObject({
      runCount: 2,
      startTime: at(-300),
      endTime: at(-60),
      expectedStartTime: at(-310),
      nextScheduledStartTime: null,
      totalRunTime: 240,
      stateId: 'restored 1',
      stateType: 'COMPLETED',
      stateName: 'Completed',
      stateTimestamp: at(10),
    });
  });

  test('undoes a reject that wrote another state', () => {
    const one = run('RUNNING', { policy: { retries: 1, pauseKeys: ['key'] } });
    const undone = undoOf(one, decide(one, 'FAILED'));
    expect(undone).toMatchObject({
      state: { type: 'RUNNING', name: 'Running' },
      policy: { retries: 1, pauseKeys: ['key'], retryType: null },
    });
  });

  test('does not change a run that had no state before', () => {
    const one = run(null);
    expect(undoOf(one, decide(one, 'RUNNING'))).toMatchObject({
      verdict: { status: 'REJECT', code: 'NO_EARLIER_STATE' },
      transition: null,
      state: { type: 'RUNNING' },
    });
  });

  describe('of the parent task run', () => {
    const parentState = state('RUNNING', { id: 'parent state' as StateId, message: 'of the parent' });
    const parent = parentTaskRun(parentState, { runCount: 1, startTime: at(-80) });
    const one = subflow('RUNNING', parent);
    const decision = decide(one, 'COMPLETED');
    const undone = {
      run: moved(one, decision),
      before: beforeTransition(one, decision),
      previousState: one.state,
      parentPreviousState: parentState,
    };

    test('restores its state and columns', () => {
      const [{ transition } = { transition: null }] = undo([undone]).decisions;
      expect(transition?.parentTaskRun).toMatchObject({
        taskRunId: parent.id,
        state: {
          ...parentState,
          ...undoer,
          id: 'restored 2',
          timestamp: at(10),
          message: 'of the parent (restored by a test)',
        },
        columns: { runCount: 1, startTime: at(-80), endTime: null, totalRunTime: 0, stateType: 'RUNNING' },
      });
    });

    test('does not change it if something else moved it since', () => {
      const parentNow = { ...parent, stateId: 'of somebody else' as StateId };
      const [first] = undo([{ ...undone, run: { ...undone.run, parentTaskRun: parentNow } }]).decisions;
      expect(first).toMatchObject({
        verdict: { status: 'ACCEPT' },
        transition: { state: { type: 'RUNNING' }, parentTaskRun: null },
      });
    });
  });

  describe('of slots', () => {
    test('frees a slot that was taken, with its lease', () => {
      const one = deployed('SCHEDULED');
      const taken = decide(one, 'PENDING', { deployment: limited });
      const lease = taken.state?.stateDetails.deploymentConcurrencyLeaseId ?? '';
      expect(undoOf(one, taken, { ...limited, activeSlots: 2 }, { [lease]: 'holding' }).concurrency).toEqual({
        ...untouched,
        slots: new Map([[deploymentId, -1]]),
        deletedLeases: [lease],
      });
      // Its lease ended meanwhile: the slot was freed then.
      expect(undoOf(one, taken, limited, { [lease]: 'revoked' }).concurrency).toEqual({
        ...untouched,
        deletedLeases: [lease],
      });
    });

    test('takes a slot that was freed again, without a lease, and names none', () => {
      const one = deployed(leased('PENDING'));
      const freed = decide(one, 'FAILED', { deployment: limited, leases: ['lease'] });
      const undone = undoOf(one, freed, { ...limited, activeSlots: 1 });
      expect(undone).toMatchObject({ verdict: { status: 'ACCEPT' }, slot: 'TAKEN' });
      expect(undone.concurrency).toEqual({ ...untouched, slots: new Map([[deploymentId, 1]]) });
      // With the id of a lease that is gone, the run would take a second slot as it begins to run.
      expect(undone.state?.stateDetails).toEqual({});
    });

    test('names no lease that the operation ended without freeing the slot', () => {
      const one = deployed(leased('PENDING'));
      const running = decide(one, 'RUNNING', { deployment: limited, leases: ['lease'] });
      expect(running.concurrency.deletedLeases).toEqual(['lease']);
      const undone = undoOf(one, running);
      expect(undone.state?.stateDetails).toEqual({});
      expect(undone.concurrency).toEqual(untouched);
    });

    test('is aborted run by run if none is free', () => {
      const undone = ['one', 'two', 'three'].map(name => {
        const one = deployed('RUNNING', { id: flowRunId(name) });
        const decision = decide(one, 'FAILED', { deployment: limited });
        return {
          run: moved(one, decision),
          before: beforeTransition(one, decision),
          previousState: one.state,
        };
      });
      const { decisions, concurrency } = undo(undone, { ...limited, activeSlots: 1 });
      expect(decisions).toMatchObject([
        { verdict: { status: 'ACCEPT' } },
        { verdict: { status: 'ABORT', code: 'CONCURRENCY_SLOT_LOST' }, transition: null },
        { verdict: { status: 'ABORT', code: 'CONCURRENCY_SLOT_LOST' }, transition: null },
      ]);
      expect(concurrency.slots).toEqual(new Map([[deploymentId, 1]]));
    });

    test('takes none if the operation freed none', () => {
      const one = deployed('RUNNING');
      const decision = decide(one, 'FAILED', { deployment: { ...limited, activeSlots: 0 } });
      expect(beforeTransition(one, decision)).not.toHaveProperty('slot');
      expect(undoOf(one, decision, { ...limited, activeSlots: 2 })).toMatchObject({
        verdict: { status: 'ACCEPT' },
        slot: null,
      });
    });

    test('takes none if the limit was removed since', () => {
      const one = deployed('RUNNING');
      const decision = decide(one, 'FAILED', { deployment: limited });
      expect(undoOf(one, decision, { ...limited, concurrencyLimit: null }).concurrency).toEqual(untouched);
    });

    test('preserves that a run had lost its slot', () => {
      const one = deployed(leased('RUNNING'));
      const decision = decide(one, 'FAILED', { deployment: limited, revoked: ['lease'] });
      expect(decision.concurrency).toEqual({ ...untouched, deletedLeases: ['lease'] });
      const undone = undoOf(one, decision);
      expect(undone.state?.stateDetails).toEqual({ deploymentConcurrencyLeaseId: 'lease' });
      expect(undone.concurrency).toEqual({
        ...untouched,
        createdLeases: [{ id: 'lease', deploymentId, seconds: 0, revoked: true }],
      });
    });
  });

  test('skips the timestamp of another state of the run', () => {
    const one = run('RUNNING');
    const decision = decide(one, 'FAILED');
    const after = { ...moved(one, decision), stateTimestamp: at(10) };
    const { decisions } = undo([
      { run: after, before: beforeTransition(one, decision), previousState: one.state },
    ]);
    expect(decisions[0]?.transition?.state.timestamp).toBe('2026-11-23T12:00:10.250126Z');
  });
});
