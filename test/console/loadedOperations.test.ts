import type { OperationRowFragment } from '../../console/generated/graphql';
import { applyChange, type LoadedOperations } from '../../console/operations/loadedOperations';

const operation = (id: string, more: Partial<OperationRowFragment> = {}): OperationRowFragment => ({
  id,
  status: 'COMPLETED',
  pausedFor: null,
  started: null,
  ended: null,
  error: null,
  runsPerSecond: null,
  estimatedSecondsLeft: null,
  state: null,
  undoOf: null,
  undoneBy: null,
  retryOf: null,
  actor: 'local',
  reason: id,
  created: `2026-11-26T10:00:0${id}Z`,
  counts: { matched: 1, pending: 0, accepted: 1, rejected: 0, aborted: 0, waiting: 0, skipped: 0 },
  ...more,
});

const listOf = (...rows: OperationRowFragment[]): LoadedOperations => ({
  rows,
  cursor: null,
  hasMore: false,
});
const idsOf = ({ rows }: LoadedOperations) => rows.map(({ id }) => id);

describe('a change of an operation, in the list of operations', () => {
  it('marks the operation that it undoes, which sends no change of its own', () => {
    const before = listOf(operation('2'), operation('1'));
    const undo = operation('3', { status: 'RUNNING', undoOf: { id: '1' } });
    const during = applyChange(before, undo, []);
    expect(idsOf(during)).toEqual(['3', '2', '1']);
    expect(during.rows.map(({ undoneBy }) => undoneBy ?? null)).toEqual([
      null,
      null,
      { id: '3', status: 'RUNNING' },
    ]);
    const after = applyChange(during, { ...undo, status: 'COMPLETED' }, []);
    expect(after.rows[2]?.undoneBy).toEqual({ id: '3', status: 'COMPLETED' });
  });

  it('marks it also where the list does not show the undo', () => {
    const undo = operation('3', { status: 'RUNNING', undoOf: { id: '1' } });
    const { rows } = applyChange(listOf(operation('1')), undo, ['COMPLETED']);
    expect(rows).toEqual([{ ...operation('1'), undoneBy: { id: '3', status: 'RUNNING' } }]);
  });

  it('puts a new one in its place by time, and removes one that the list no longer shows', () => {
    const before = listOf(operation('3'), operation('1'));
    expect(idsOf(applyChange(before, operation('2'), []))).toEqual(['3', '2', '1']);
    expect(idsOf(applyChange(before, operation('3', { status: 'PAUSED' }), ['COMPLETED']))).toEqual(['1']);
  });

  it('leaves out one that belongs to a page that is not loaded', () => {
    const before = { ...listOf(operation('3'), operation('2')), hasMore: true };
    expect(idsOf(applyChange(before, operation('1'), []))).toEqual(['3', '2']);
  });
});
