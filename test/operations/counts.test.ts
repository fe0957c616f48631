import type { BulkOperationCounts } from '../../src/domain/bulkOperation';
import type { FlowRunId } from '../../src/domain/identifiers';
import {
  countsAfter,
  endStatus,
  failsTooOften,
  failureWindowAfter,
  type ItemOutcome,
  outcomesAfter,
  pauseAfter,
} from '../../src/operations/counts';

const item = (status: ItemOutcome['status'], more: Partial<ItemOutcome> = {}): ItemOutcome => ({
  flowRunId: 'run' as FlowRunId,
  from: 'PENDING',
  status,
  code: null,
  ...more,
});
const nothing: BulkOperationCounts = {
  matched: 0,
  pending: 0,
  accepted: 0,
  rejected: 0,
  aborted: 0,
  waiting: 0,
  skipped: 0,
};
const definition = (more: { canary?: number; pauseAboveFailureRatio?: number }) =>
  ({ canary: null, pauseAboveFailureRatio: null, ...more }) as unknown as Parameters<
    typeof pauseAfter
  >[0]['definition'];

describe('the counts of a bulk operation', () => {
  test('add up to matched without it, for every move of an item', () => {
    const before = { ...nothing, matched: 7, pending: 6, waiting: 1 };
    const after = countsAfter(before, [
      item('ACCEPT', { from: 'WAIT' }),
      item('ACCEPT'),
      item('REJECT'),
      item('ABORT'),
      item('WAIT'),
      item('SKIPPED'),
    ]);
    expect(after).toEqual({
      matched: 7,
      pending: 1,
      accepted: 2,
      rejected: 1,
      aborted: 1,
      waiting: 1,
      skipped: 1,
    });
  });

  test('a bulk operation ends COMPLETED where every item is ACCEPT or SKIPPED', () => {
    expect(endStatus({ ...nothing, matched: 3, accepted: 2, skipped: 1 })).toBe('COMPLETED');
    expect(endStatus(nothing)).toBe('COMPLETED');
    for (const other of ['rejected', 'aborted', 'waiting'] as const)
      expect(endStatus({ ...nothing, matched: 3, accepted: 2, [other]: 1 })).toBe('COMPLETED_WITH_FAILURES');
  });
});

describe('the outcomes of a bulk operation', () => {
  test('are separate by status and code, with five runs of each', () => {
    const runs = (count: number, from: number, more: Partial<ItemOutcome>) =>
      Array.from({ length: count }, (_, index) =>
        item(more.status ?? 'ACCEPT', { ...more, flowRunId: `${from + index}` as FlowRunId }),
      );
    const first = outcomesAfter(
      [],
      [...runs(4, 1, { status: 'ACCEPT' }), ...runs(2, 10, { status: 'ABORT', code: 'ALREADY_TERMINAL' })],
    );
    const second = outcomesAfter(first, [
      ...runs(4, 5, { status: 'ACCEPT' }),
      ...runs(1, 20, { status: 'ABORT', code: 'INTERNAL_ERROR' }),
    ]);
    expect(second).toEqual([
      { status: 'ACCEPT', code: null, count: 8, sample: ['1', '2', '3', '4', '5'] },
      { status: 'ABORT', code: 'ALREADY_TERMINAL', count: 2, sample: ['10', '11'] },
      { status: 'ABORT', code: 'INTERNAL_ERROR', count: 1, sample: ['20'] },
    ]);
  });
});

describe('the failure ratio of a bulk operation', () => {
  test('is that of the last hundred, in which ACCEPT and SKIPPED are no failures', () => {
    const window = failureWindowAfter('', [
      item('ACCEPT'),
      item('SKIPPED'),
      item('REJECT'),
      item('ABORT'),
      item('WAIT'),
    ]);
    expect(window).toBe('--xxx');
    const full = failureWindowAfter(
      window,
      Array.from({ length: 99 }, () => item('ACCEPT')),
    );
    expect(full).toHaveLength(100);
    expect(full).toBe(`x${'-'.repeat(99)}`);
  });

  test('is checked once a hundred items are decided, and must be exceeded', () => {
    const window = (failures: number, length = 100) => 'x'.repeat(failures).padEnd(length, '-');
    expect(failsTooOften(window(99, 99), 0.1)).toBe(false);
    expect(failsTooOften(window(29), 0.29)).toBe(false);
    expect(failsTooOften(window(30), 0.29)).toBe(true);
    expect(failsTooOften(window(0), 0)).toBe(false);
    expect(failsTooOften(window(1), 0)).toBe(true);
    expect(failsTooOften(window(100), 1)).toBe(false);
    expect(failsTooOften(window(100), null)).toBe(false);
  });
});

describe('why a bulk operation pauses', () => {
  const failing = 'x'.repeat(100);
  const running = { status: 'RUNNING', canaryPassed: false } as const;

  test('for a review once the first runs are decided, and not again after it', () => {
    const operation = { ...running, definition: definition({ canary: 3 }) };
    expect(pauseAfter(operation, '', false)).toBeNull();
    expect(pauseAfter(operation, '', true)).toBe('CANARY');
    expect(pauseAfter({ ...operation, canaryPassed: true }, '', true)).toBeNull();
  });

  test('for too many failures, and not again while it is paused', () => {
    const operation = { ...running, definition: definition({ pauseAboveFailureRatio: 0.5 }) };
    expect(pauseAfter(operation, failing, false)).toBe('FAILURE_RATIO');
    expect(pauseAfter({ ...operation, status: 'PAUSED' }, failing, false)).toBeNull();
  });

  test('for the review if both apply, or if it is paused already', () => {
    const both = { ...running, definition: definition({ canary: 100, pauseAboveFailureRatio: 0.5 }) };
    expect(pauseAfter(both, failing, true)).toBe('CANARY');
    expect(pauseAfter({ ...both, status: 'PAUSED' }, failing, true)).toBe('CANARY');
  });
});
