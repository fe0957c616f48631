import type { BulkOperationItem } from '../../../src/domain/bulkOperation';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { addSeconds, parseInstant } from '../../../src/domain/instant';
import type { ItemVerdict } from '../../../src/operations/worker/itemVerdicts';
import { separateWaiting } from '../../../src/operations/worker/separateWaiting';

const started = parseInstant('2026-11-25T12:00:00Z');
const retryWaitSeconds = 60;

const item = (name: string) =>
  ({ flowRunId: name as FlowRunId, status: 'PENDING', attempts: 0 }) as BulkOperationItem;
const verdict = (status: ItemVerdict['status'], delaySeconds: number | null = null) =>
  ({ status, code: null, reason: null, delaySeconds }) as ItemVerdict;

/** Sorts runs with these verdicts a number of seconds after the operation's start. */
function sort(
  verdicts: Record<string, ItemVerdict> | null,
  seconds = 0,
  retryWaits = true,
  names = ['a', 'b', 'c'],
) {
  const batch = {
    operation: { started, definition: { retryWaits } },
    batch: { firstOrdinal: 7 },
    now: addSeconds(started, seconds),
  };
  const known = verdicts && new Map(Object.entries(verdicts) as [FlowRunId, ItemVerdict][]);
  return separateWaiting(batch, retryWaitSeconds, names.map(item), known);
}
const namesOf = (changes: readonly { after: BulkOperationItem }[]) =>
  changes.map(({ after }) => after.flowRunId);

describe('the items of a batch', () => {
  test('are decided in their order, with the batch, the index and the time', () => {
    const { decided, waiting } = sort(
      { a: verdict('ACCEPT'), b: verdict('REJECT'), c: verdict('SKIPPED') },
      5,
    );
    expect(waiting.size).toBe(0);
    expect(decided.map(({ after }) => after)).toMatchObject(
      (['ACCEPT', 'REJECT', 'SKIPPED'] as const).map((status, indexInBatch) => ({
        status,
        indexInBatch,
        batch: 7,
        decided: addSeconds(started, 5),
        attempts: 1,
      })),
    );
  });

  test('leave no gap in the indexes if some wait', () => {
    const { decided } = sort({ a: verdict('WAIT', 1), b: verdict('ACCEPT'), c: verdict('ACCEPT') });
    expect(decided.map(({ after }) => [after.flowRunId, after.indexInBatch])).toEqual([
      ['b', 0],
      ['c', 1],
    ]);
  });

  test('that wait stay undecided, count the attempt, and are grouped by their delay', () => {
    const { decided, waiting } = sort({
      a: verdict('WAIT', 9),
      b: verdict('WAIT', 3),
      c: verdict('WAIT', 9),
    });
    expect(decided).toEqual([]);
    expect([...waiting].map(([seconds, changes]) => [seconds, namesOf(changes)])).toEqual([
      [9, ['a', 'c']],
      [3, ['b']],
    ]);
    for (const { after } of [...waiting.values()].flat()) {
      expect(after).toMatchObject({ status: 'WAIT', attempts: 1 });
      expect(after.decided).toBeUndefined();
    }
  });

  test.each([
    ['is tried again where its delay ends in time', 0, 30, true, 30],
    ['is tried again where its delay ends just in time', 30, 30, true, 30],
    ['is decided for good where its delay ends too late', 31, 30, true, null],
    ['is decided for good where the operation does not retry waits', 0, 30, false, null],
    ['is tried again at once where it has no delay left', 60, 0, true, 0],
    ['is tried again before long where the clock was set back', -3600, 600, true, retryWaitSeconds],
  ])('with the verdict WAIT: a run %s', (_title, seconds, delay, retryWaits, expected) => {
    const { decided, waiting } = sort({ a: verdict('WAIT', delay) }, seconds, retryWaits, ['a']);
    expect([...waiting.keys()]).toEqual(expected === null ? [] : [expected]);
    expect(decided).toHaveLength(expected === null ? 1 : 0);
  });

  test('end ABORT with INTERNAL_ERROR if they are given up, or have no verdict', () => {
    const failed = { status: 'ABORT', code: 'INTERNAL_ERROR' };
    expect(sort(null).decided.map(({ after }) => after)).toMatchObject([failed, failed, failed]);
    const { decided } = sort({ a: verdict('ACCEPT') }, 0, true, ['a', 'b']);
    expect(decided.map(({ after }) => after)).toMatchObject([{ status: 'ACCEPT' }, failed]);
  });
});
