import type { BulkOperation, BulkOperationDefinition } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { TransitionCode } from '../../domain/transition';
import type { Request } from './createOperation';

/** A new operation over the items of one that has ended. */
export interface RepeatRequest extends Request {
  id: BulkOperationId;
  reason: string;
  callerRenewsLeases: boolean;
}

/** The settings that a new operation takes over; the guards were about the runs of the old one. */
export const definitionFrom = (
  { definition }: BulkOperation,
  { reason, callerRenewsLeases }: RepeatRequest,
  codes: readonly TransitionCode[] | null,
): BulkOperationDefinition => ({
  ...definition,
  filter: null,
  flowRuns: null,
  expectedCount: null,
  maxAffected: null,
  codes,
  reason,
  callerRenewsLeases,
});
