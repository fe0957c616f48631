import type { BulkOperation } from '../../domain/bulkOperation';
import type { BulkOperationRefusal } from '../../domain/bulkOperationEnums';

/** A call that is not carried out, and what to do instead. Nothing was written. */
export interface BulkOperationRefused {
  code: BulkOperationRefusal;
  message: string;
  /** How many runs match now, where that was counted. */
  matched: number | null;
}

/** The result of a call about a bulk operation. */
export type BulkOperationResult = BulkOperation | BulkOperationRefused;

/** Makes the result of a call that is not carried out. */
export const refused = (
  code: BulkOperationRefusal,
  message: string,
  matched: number | null = null,
): BulkOperationRefused => ({
  code,
  message,
  matched,
});

/** Whether a call was not carried out. */
export const isRefused = (result: BulkOperationResult): result is BulkOperationRefused => 'code' in result;

/** The result of a call about an operation that does not exist. */
export const unknownOperation = refused(
  'NOT_FOUND',
  'There is no bulk operation with this id. The query bulkOperations lists those there are.',
);

/** The result of a call that needs an operation which has not ended. */
export function alreadyEnded({
  status,
  restores,
}: Pick<BulkOperation, 'status' | 'restores'>): BulkOperationRefused {
  const instead =
    status === 'EXPIRED'
      ? 'Plan again'
      : `Start a new one, or ${restores === null ? 'retry or undo' : 'retry'} this one`;
  return refused('ALREADY_ENDED', `The operation has ended (${status}). ${instead}.`);
}

/** The result of a call that needs an operation which has ended. */
export const notEnded = ({ status }: Pick<BulkOperation, 'status'>): BulkOperationRefused =>
  refused('NOT_ENDED', `The operation has not ended yet (${status}). Wait for its end, or cancel it first.`);
