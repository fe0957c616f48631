import type { BulkOperationStatus, OperationRowFragment } from '../generated/graphql';

/** The part of the list of operations that is loaded, newest first. */
export interface LoadedOperations {
  readonly rows: readonly OperationRowFragment[];
  /** In front of what is not loaded. */
  readonly cursor: string | null;
  readonly hasMore: boolean;
}

const isNewer = (one: OperationRowFragment, other: OperationRowFragment): boolean =>
  one.created === other.created ? one.id > other.id : one.created > other.created;

/** An undo changes what is known of the operation that it undoes, which sends no change of its own. */
const withUndo = (
  rows: LoadedOperations['rows'],
  { id, status, undoOf }: OperationRowFragment,
): LoadedOperations['rows'] =>
  undoOf ? rows.map(row => (row.id === undoOf.id ? { ...row, undoneBy: { id, status } } : row)) : rows;

/**
 * Puts what is known of an operation into the list: in its place, on top if it is new, or out of the list if it
 * no longer matches.
 *
 * @param status which operations the list shows; empty for all.
 */
export function applyChange(
  before: LoadedOperations,
  operation: OperationRowFragment,
  status: readonly BulkOperationStatus[],
): LoadedOperations {
  const loaded = { ...before, rows: withUndo(before.rows, operation) };
  const { rows, hasMore } = loaded;
  const isShown = status.length === 0 || status.includes(operation.status);
  const known = rows.findIndex(({ id }) => id === operation.id);
  if (known !== -1) return { ...loaded, rows: rows.toSpliced(known, 1, ...(isShown ? [operation] : [])) };
  if (!isShown) return loaded;
  const next = rows.findIndex(row => isNewer(operation, row));
  if (next !== -1) return { ...loaded, rows: rows.toSpliced(next, 0, operation) };
  // It belongs to a page that is not loaded yet.
  return hasMore ? loaded : { ...loaded, rows: [...rows, operation] };
}
