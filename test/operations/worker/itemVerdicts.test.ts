import type { BulkOperation, BulkOperationItem } from '../../../src/domain/bulkOperation';
import type { Decision } from '../../../src/domain/decision';
import type { BulkOperationId, FlowRunId, StateId } from '../../../src/domain/identifiers';
import type { StateType } from '../../../src/domain/state';
import { verdictOf } from '../../../src/operations/worker/itemVerdicts';
import { reasonToSkip, skipVerdict } from '../../../src/operations/worker/reasonToSkip';
import type { FoundFlowRun } from '../../../src/persistence/flowRuns/hotLockedFlowRunFacts';

const planned = 'planned' as StateId;
const other = 'other' as StateId;

/** A run as it is found when its turn comes. */
const found = (stateId: StateId | null, matches: boolean, stateType: StateType | null = 'SCHEDULED') =>
  ({ facts: { stateId, stateType }, matches }) as FoundFlowRun;
const above = (matches: boolean) => new Map([['above' as FlowRunId, found(null, matches)]]);
const nobody = new Map<FlowRunId, FoundFlowRun>();

/** An item; its state must still be `planned` if that is checked. */
const item = (more: Partial<BulkOperationItem> = {}) =>
  ({
    isMatch: true,
    matchesAbove: null,
    expectedStateId: planned,
    plannedStatus: null,
    ...more,
  }) as BulkOperationItem;
const ofPlan = item({ plannedStatus: 'ACCEPT' });
const belowMatch = item({ isMatch: false, matchesAbove: ['above' as FlowRunId] });

const operation = (more: Partial<BulkOperation>) =>
  ({ origin: 'START', restores: null, definition: { filter: {} }, ...more }) as BulkOperation;
const start = operation({});
const plan = operation({ origin: 'PLAN' });
const retry = operation({ origin: 'RETRY', definition: { filter: null } as BulkOperation['definition'] });
const undo = operation({ origin: 'UNDO', restores: 'source' as BulkOperationId });

describe('an item is decided', () => {
  test.each([
    ['where its run still matches', start, item(), found(other, true), nobody],
    ['in a plan where its run has the planned state', plan, ofPlan, found(planned, true), nobody],
    ['while it is planned, whatever the state of its run', plan, item(), found(other, true), nobody],
    ['in a retry whatever its run matches by now', retry, item(), found(other, false), nobody],
    ['in an undo where its run has the state of the operation', undo, item(), found(planned, false), nobody],
    ['below a run that matches', start, belowMatch, found(other, false), above(true)],
    [
      'below a run that matches, where it has no state',
      start,
      belowMatch,
      found(null, false, null),
      above(true),
    ],
  ])('%s', (_title, of, subject, run, others) => {
    expect(reasonToSkip(of, subject, run, others)).toBeNull();
  });
});

describe('an item is skipped', () => {
  test.each([
    ['NO_LONGER_MATCHES', 'its run matches no more', start, item(), found(other, false), nobody],
    [
      'NO_LONGER_MATCHES',
      'only its run matches, not the one above it',
      start,
      belowMatch,
      found(other, true),
      above(false),
    ],
    ['NO_LONGER_MATCHES', 'the run above it is gone', start, belowMatch, found(other, true), nobody],
    [
      'NO_LONGER_MATCHES',
      'the subflow is finished by now',
      start,
      belowMatch,
      found(other, false, 'COMPLETED'),
      above(true),
    ],
    ['CHANGED_SINCE_PLAN', 'its run changed state since the plan', plan, ofPlan, found(other, true), nobody],
    [
      'CHANGED_SINCE_PLAN',
      'its run changed state and matches no more',
      plan,
      ofPlan,
      found(other, false),
      nobody,
    ],
    [
      'CHANGED_SINCE_OPERATION',
      'something else moved its run since',
      undo,
      item(),
      found(other, true),
      nobody,
    ],
    ['CHANGED_SINCE_OPERATION', 'its run has no state any more', undo, item(), found(null, true), nobody],
  ])('with %s where %s', (code, _title, of, subject, run, others) => {
    expect(reasonToSkip(of, subject, run, others)).toBe(code);
  });

  test('with a verdict that gives the reason, and the state of the run', () => {
    expect(skipVerdict('CHANGED_SINCE_PLAN', found(other, true))).toEqual({
      status: 'SKIPPED',
      code: 'CHANGED_SINCE_PLAN',
      reason: 'The state of the run changed since the plan, and it was left alone.',
      delaySeconds: null,
      previousStateId: other,
      stateId: null,
      before: null,
    });
  });
});

describe('the verdict of an item', () => {
  const written = 'written' as StateId;
  const reason = 'Not now.';
  const code = 'NOT_YET_SCHEDULED';
  const transition = { state: { id: written } };
  test.each([
    [
      { status: 'ACCEPT' },
      transition,
      { status: 'ACCEPT', code: null, reason: null, delaySeconds: null, stateId: written },
    ],
    [
      { status: 'REJECT', code, reason },
      null,
      { status: 'REJECT', code, reason, delaySeconds: null, stateId: null },
    ],
    [{ status: 'REJECT', code, reason }, transition, { status: 'REJECT', code, reason, stateId: written }],
    [
      { status: 'ABORT', code, reason },
      null,
      { status: 'ABORT', code, reason, delaySeconds: null, stateId: null },
    ],
    [
      { status: 'WAIT', code, reason, delaySeconds: 9 },
      null,
      { status: 'WAIT', code, reason, delaySeconds: 9, stateId: null },
    ],
  ])('%p with the transition %p is %p', (verdict, moved, expected) => {
    const decision = { verdict, transition: moved } as unknown as Decision;
    expect(verdictOf(decision, planned, null)).toMatchObject({
      ...expected,
      previousStateId: planned,
      before: null,
    });
  });
});
