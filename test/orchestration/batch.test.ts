import type { FlowRunFacts } from '../../src/domain/facts';
import { addMicroseconds, type Instant } from '../../src/domain/instant';
import {
  aborted,
  accepted,
  decideAll,
  deployed,
  deploymentId,
  flowRunId,
  leased,
  leaseId,
  now,
  parentTaskRun,
  rejected,
  run,
  state,
  subflow,
  untouched,
} from './harness';

const named = (one: FlowRunFacts, name: string): FlowRunFacts => ({ ...one, id: flowRunId(name) });

describe('a batch', () => {
  it('without runs decides nothing', () => {
    expect(decideAll([], { type: 'RUNNING' })).toEqual({ decisions: [], concurrency: untouched });
  });

  it('returns decisions in the order of its runs', () => {
    const { decisions } = decideAll([named(run('PENDING'), 'c'), named(run('RUNNING'), 'b')], {
      type: 'PENDING',
      name: 'Submitting',
    });
    expect(decisions).toMatchObject([
      { flowRunId: 'c', ...accepted },
      { flowRunId: 'b', ...aborted('PENDING_NOT_ALLOWED') },
    ]);
  });

  it('gives every run a state of its own', () => {
    const stateDetails = Object.freeze({ cacheKey: 'key' });
    const runs = [named(deployed('SCHEDULED'), 'b'), named(run('SCHEDULED'), 'a')];
    const { decisions } = decideAll(
      runs,
      { type: 'PENDING', stateDetails },
      { deployment: { concurrencyLimit: 1 } },
    );
    const [first, second] = decisions.map(decision => decision.state);
    expect(first?.id).not.toBe(second?.id);
    expect(first?.stateDetails).toEqual({
      cacheKey: 'key',
      flowRunId: 'b',
      deploymentConcurrencyLeaseId: 'new lease 1',
    });
    expect(second?.stateDetails).toEqual({ cacheKey: 'key', flowRunId: 'a' });
  });

  it('writes all its runs with one timestamp', () => {
    const { decisions } = decideAll([named(run('PENDING'), 'b'), named(run('PENDING'), 'a')], {
      type: 'RUNNING',
    });
    expect(decisions.map(decision => decision.state?.timestamp)).toEqual([now, now]);
  });
});

describe('slots in a batch', () => {
  it('are taken by the first runs, and the rest find none', () => {
    const runs = ['d', 'c', 'b', 'a'].map(name => named(deployed('SCHEDULED'), name));
    const { decisions, concurrency } = decideAll(
      runs,
      { type: 'PENDING' },
      { deployment: { concurrencyLimit: 3, activeSlots: 1 } },
    );
    const late = rejected('CONCURRENCY_LIMIT_REACHED');
    expect(decisions).toMatchObject([accepted, accepted, late, late]);
    expect(concurrency).toEqual({
      ...untouched,
      slots: new Map([[deploymentId, 2]]),
      createdLeases: [
        { id: 'new lease 1', deploymentId, seconds: 300 },
        { id: 'new lease 2', deploymentId, seconds: 300 },
      ],
    });
  });

  it('of a run that lost its lease do not go to the run after it', () => {
    const runs = [named(deployed(leased('PENDING', 'gone')), 'b'), named(deployed(leased('PENDING')), 'a')];
    const { decisions, concurrency } = decideAll(
      runs,
      { type: 'RUNNING' },
      {
        deployment: { concurrencyLimit: 2, activeSlots: 2 },
        leases: ['lease'],
        call: { callerRenewsLeases: true },
      },
    );
    expect(decisions).toMatchObject([rejected('CONCURRENCY_SLOT_LOST'), accepted]);
    expect(concurrency).toEqual({ ...untouched, renewedLeases: new Map([['lease', 300]]) });
  });

  it('are freed one by one, never below zero', () => {
    const runs = ['c', 'b', 'a'].map(name => named(deployed(leased('RUNNING', name)), name));
    const { concurrency } = decideAll(
      runs,
      { type: 'COMPLETED' },
      { deployment: { concurrencyLimit: 5, activeSlots: 2 }, leases: ['a', 'b', 'c'] },
    );
    expect(concurrency).toEqual({
      ...untouched,
      slots: new Map([[deploymentId, -2]]),
      deletedLeases: ['c', 'b', 'a'],
    });
  });

  it('do not change the facts that the batch received', () => {
    const given = { concurrencyLimit: 1, activeSlots: 0 };
    decideAll([deployed('SCHEDULED')], { type: 'PENDING' }, { deployment: given });
    expect(given).toEqual({ concurrencyLimit: 1, activeSlots: 0 });
  });
});

const sharing = (count: number, later: Instant[] = []) =>
  Array.from({ length: count }, (_, index) => ({
    ...subflow('PENDING', parentTaskRun('PENDING')),
    id: flowRunId(`run ${index}`),
    parentLaterTimestamps: later,
  }));

const equivalentCommands = (runs: ReturnType<typeof sharing>, type: 'RUNNING' | 'COMPLETED' = 'RUNNING') =>
  decideAll(runs, { type }).decisions.flatMap(({ transition }) => transition?.parentTaskRun ?? []);

describe('runs of a batch that share a parent task run', () => {
  it('each write a state of their own to it, with timestamps of their own', () => {
    const [first, second, third] = equivalentCommands(sharing(3)).map(({ state }) => state);
    expect(first).toMatchObject({ timestamp: now, stateDetails: { childFlowRunId: 'run 0' } });
    expect(second).toMatchObject({
      timestamp: addMicroseconds(now, 1),
      stateDetails: { childFlowRunId: 'run 1' },
    });
    expect(third?.timestamp).toBe(addMicroseconds(now, 2));
  });

  it('skip the timestamps of states that it has already', () => {
    const taken = [addMicroseconds(now, 1), addMicroseconds(now, 3)];
    const timestamps = equivalentCommands(sharing(3, taken)).map(({ state }) => state.timestamp);
    expect(timestamps).toEqual([0, 2, 4].map(by => addMicroseconds(now, by)));
  });

  it('leave it in the last of these states, and all report it', () => {
    const copies = equivalentCommands(sharing(2));
    const last = {
      stateId: copies[1]?.state.id,
      stateTimestamp: addMicroseconds(now, 1),
      runCount: 2,
      startTime: now,
    };
    expect(copies.map(({ columns }) => columns)).toMatchObject([last, last]);
  });

  it('can be many', () => {
    expect(equivalentCommands(sharing(1000)).at(-1)?.columns.runCount).toBe(1000);
  });
});

describe('a run whose decision throws', () => {
  const broken = new Error('no more ids');

  it('is reported, has the result INTERNAL_ERROR, and does not affect the others', () => {
    const onError = jest.fn();
    const runs = ['c', 'b', 'a'].map(name => named(deployed('SCHEDULED'), name));
    let leases = 0;
    const newLeaseId = () => {
      if (++leases === 2) throw broken;
      return leaseId(`lease ${leases}`);
    };
    const { decisions, concurrency } = decideAll(
      runs,
      { type: 'PENDING' },
      { deployment: { concurrencyLimit: 2, activeSlots: 0 }, call: { newLeaseId }, onError },
    );
    const failed = { ...aborted('INTERNAL_ERROR'), state: null, policy: null, trace: [] };
    expect(decisions).toMatchObject([accepted, failed, accepted]);
    expect(onError.mock.calls).toEqual([['b', broken]]);
    expect(concurrency.slots).toEqual(new Map([[deploymentId, 2]]));
    expect(concurrency.createdLeases.map(({ id }) => id)).toEqual(['lease 1', 'lease 3']);
  });

  it('leaves no slot taken if it fails after the rules', () => {
    const newStateId = () => {
      throw broken;
    };
    const { decisions, concurrency } = decideAll(
      [deployed(state('SCHEDULED'))],
      { type: 'PENDING' },
      { deployment: { concurrencyLimit: 2 }, call: { newStateId }, onError: () => {} },
    );
    expect(decisions).toMatchObject([aborted('INTERNAL_ERROR')]);
    expect(concurrency).toEqual(untouched);
  });
});
