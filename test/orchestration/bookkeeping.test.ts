import { ownAuthor, stateTypes } from '../../src/domain/state';
import { columnsAfter, firstTransition, freeTimestamp, stored } from '../../src/orchestration/bookkeeping';
import { at, decide, freshPolicy, now, parentTaskRun, run, state, subflow } from './harness';

const enter = (
  type: (typeof stateTypes)[number],
  before: ReturnType<typeof run>,
  stateDetails: NonNullable<Parameters<typeof state>[1]>['stateDetails'] = {},
) => columnsAfter(before, state(type, { timestamp: now, stateDetails }), true);

describe('the timestamp of a state', () => {
  it('is the current time', () => {
    expect(freeTimestamp(now, null, [])).toBe(now);
    expect(freeTimestamp(now, at(-60), [])).toBe(now);
    expect(freeTimestamp(now, at(60), [])).toBe(now);
  });

  it('is a microsecond after that of the current state, if needed', () => {
    expect(freeTimestamp(now, now, [])).toBe('2026-11-23T12:00:00.250126Z');
  });

  it('is the next free microsecond', () => {
    const taken = [at(0.000001), at(0.000002), at(0.000004)];
    expect(freeTimestamp(now, now, taken)).toBe(at(0.000003));
    expect(freeTimestamp(now, at(0.000003), [now, ...taken])).toBe(at(0.000005));
  });

  it('can carry over to the next second', () => {
    const [last, next] = [at(0.749874), at(0.749875)];
    expect(freeTimestamp(last, last, [])).toBe(next);
  });

  it('is free among the states of the run, and of its parent task run, separately', () => {
    const crowded = {
      ...subflow(state('PENDING', { timestamp: now }), parentTaskRun(state('PENDING', { timestamp: at(9) }))),
      laterTimestamps: [now, at(0.000001)],
      parentLaterTimestamps: [now],
    };
    const { transition } = decide(crowded, 'RUNNING');
    expect(transition?.state.timestamp).toBe(at(0.000002));
    expect(transition?.columns).toMatchObject({ stateTimestamp: at(0.000002), startTime: at(0.000002) });
    expect(transition?.parentTaskRun?.state.timestamp).toBe(at(0.000001));
  });
});

describe('the columns after a transition', () => {
  it.each(stateTypes)('have the name of the state: %s', type => {
    const named = { stateId: 'current state', stateType: type, stateTimestamp: now };
    expect(enter(type, run(null))).toMatchObject(named);
  });

  it('have the start of the first RUNNING, not of a later one', () => {
    expect(enter('RUNNING', run('PENDING')).startTime).toBe(now);
    expect(enter('RUNNING', run('PENDING', { startTime: at(-9) })).startTime).toBe(at(-9));
  });

  it('count each RUNNING', () => {
    expect(enter('RUNNING', run('PENDING', { runCount: 2 })).runCount).toBe(3);
    expect(enter('RUNNING', run('RUNNING', { runCount: 2 })).runCount).toBe(3);
    expect(enter('PENDING', run('RUNNING', { runCount: 2 })).runCount).toBe(2);
  });

  it('have the end, and a start for a run that never ran', () => {
    expect(enter('CANCELLED', run('SCHEDULED'))).toMatchObject({ startTime: now, endTime: now });
    expect(enter('COMPLETED', run('RUNNING', { startTime: at(-60) }))).toMatchObject({
      startTime: at(-60),
      endTime: now,
    });
  });

  it('have the first end until the run starts again', () => {
    expect(enter('FAILED', run('COMPLETED', { endTime: at(-9) })).endTime).toBe(at(-9));
    expect(enter('SCHEDULED', run('COMPLETED', { endTime: at(-9) })).endTime).toBeNull();
  });

  it('add up the run time when RUNNING is left', () => {
    expect(enter('COMPLETED', run('RUNNING', { totalRunTime: 5 })).totalRunTime).toBe(65);
    expect(enter('COMPLETED', run('PENDING', { totalRunTime: 5 })).totalRunTime).toBe(5);
    const brief = run(state('RUNNING', { timestamp: at(-0.2) }), { totalRunTime: 0.1 });
    expect(enter('COMPLETED', brief).totalRunTime).toBe(0.3);
  });

  it('expect a run at its scheduled time, otherwise at its first state', () => {
    expect(enter('SCHEDULED', run(null), { scheduledTime: at(9) }).expectedStartTime).toBe(at(9));
    expect(enter('PENDING', run(null), { scheduledTime: at(9) }).expectedStartTime).toBe(now);
    expect(enter('RUNNING', run('PENDING', { expectedStartTime: at(-9) })).expectedStartTime).toBe(at(-9));
  });

  it('have the next start while a run is scheduled', () => {
    const scheduled = run('SCHEDULED', { nextScheduledStartTime: at(9) });
    expect(enter('SCHEDULED', run('RUNNING'), { scheduledTime: at(7) }).nextScheduledStartTime).toBe(at(7));
    expect(enter('SCHEDULED', scheduled, { scheduledTime: at(7) }).nextScheduledStartTime).toBe(at(7));
    expect(enter('PENDING', scheduled).nextScheduledStartTime).toBeNull();
  });
});

describe('a resuming run', () => {
  const resuming = { policy: { resuming: true }, runCount: 1 };

  it.each([false, true])('does not count its start again, force: %s', force => {
    const { transition, policy } = decide(run('SCHEDULED', resuming), 'RUNNING', { force });
    expect(transition?.columns.runCount).toBe(1);
    expect(policy).toEqual(freshPolicy);
  });

  it('stops resuming when it ends, and still resumes while it waits', () => {
    expect(decide(run('SCHEDULED', resuming), 'CANCELLED').policy).toEqual(freshPolicy);
    expect(decide(run('SCHEDULED', resuming), 'PENDING').policy).toBeNull();
  });
});

describe('a subflow', () => {
  const parent = parentTaskRun('PENDING', { runCount: 1, expectedStartTime: at(-90) });

  it('copies its state to its parent task run, with an id and owners of its own', () => {
    const proposed = { type: 'RUNNING', name: 'Busy', message: 'Go.' } as const;
    const { transition } = decide(subflow('PENDING', parent), proposed);
    const written = { timestamp: now, actor: 'switchyard', bulkOperationId: null };
    const copied = { type: 'RUNNING', name: 'Busy', message: 'Go.', ...written };
    expect(transition?.state).toEqual({
      ...copied,
      id: 'new state 1',
      data: null,
      stateDetails: { flowRunId: 'run', taskRunId: 'task run' },
    });
    expect(transition?.parentTaskRun?.state).toEqual({
      ...copied,
      id: 'new state 2',
      data: null,
      stateDetails: { flowRunId: 'parent flow run', taskRunId: 'task run', childFlowRunId: 'run' },
    });
  });

  it('computes the columns of its parent task run separately', () => {
    const { transition } = decide(subflow('PENDING', parent), 'RUNNING');
    expect(transition?.parentTaskRun?.columns).toMatchObject({
      stateId: 'new state 2',
      stateType: 'RUNNING',
      runCount: 2,
      startTime: now,
      expectedStartTime: at(-90),
    });
    expect(transition?.columns).toMatchObject({
      stateId: 'new state 1',
      runCount: 1,
      expectedStartTime: now,
    });
  });

  it('counts every start of its parent task run, including resumed ones', () => {
    const goesOn = { ...subflow('PENDING', parent), policy: { ...freshPolicy, resuming: true } };
    const { transition } = decide(goesOn, 'RUNNING');
    expect(transition?.columns.runCount).toBe(0);
    expect(transition?.parentTaskRun?.columns.runCount).toBe(2);
  });

  it('copies the state that was written instead', () => {
    const { transition } = decide(subflow('SCHEDULED', parent), 'CANCELLING');
    expect(transition?.parentTaskRun?.state.type).toBe('CANCELLED');
  });

  it('of a task run without a flow run names no parent flow run', () => {
    const alone = subflow('PENDING', { ...parent, flowRunId: null });
    expect(decide(alone, 'RUNNING').transition?.parentTaskRun?.state.stateDetails.flowRunId).toBeUndefined();
  });

  it('names its task run even if that is deleted', () => {
    const { transition } = decide(subflow('PENDING', null), 'RUNNING');
    expect(transition?.parentTaskRun).toBeNull();
    expect(transition?.state.stateDetails.taskRunId).toBe('task run');
  });
});

describe('the data of a state', () => {
  it('is stored unless it is unpersisted', () => {
    expect(stored(state('COMPLETED', { data: { type: 'unpersisted' } })).data).toBeNull();
    expect(stored(state('COMPLETED', { data: { type: 'reference' } })).data).toEqual({ type: 'reference' });
    expect(stored(state('COMPLETED', { data: ['unpersisted'] })).data).toEqual(['unpersisted']);
  });

  it('is returned and not copied to the parent task run if it is unpersisted', () => {
    const data = { type: 'unpersisted', size: 3 };
    const answer = decide(subflow('RUNNING', parentTaskRun('RUNNING')), { type: 'COMPLETED', data });
    expect(answer.state?.data).toEqual(data);
    expect(answer.transition?.state.data).toBeNull();
    expect(answer.transition?.parentTaskRun?.state.data).toBeNull();
  });
});

test('a run that is created with a state has its columns from the start', () => {
  const proposed = { type: 'SCHEDULED', name: 'Scheduled', message: null, data: null } as const;
  const first = firstTransition(
    run(null),
    { ...proposed, stateDetails: { scheduledTime: at(60) } },
    ownAuthor,
    state('SCHEDULED').id,
    now,
  );
  expect(first.state).toMatchObject({ timestamp: now, stateDetails: { flowRunId: 'run' } });
  expect(first.columns).toMatchObject({ expectedStartTime: at(60), nextScheduledStartTime: at(60) });
});
