import { type BulkOperation, type BulkOperationDefinition, hasEnded } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { TransitionCode } from '../../domain/transition';
import { findItemsToCopy } from '../../persistence/operations/items';
import { findOperation, findUndos } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { createOperation, type Request } from './create';
import { type BulkOperationResult, notEnded, type Refused, refused, unknownOperation } from './result';

/** A new operation over the items of one that has ended. */
export interface RepeatRequest extends Request {
  id: BulkOperationId;
  reason: string;
  callerRenewsLeases: boolean;
}

/** The settings that a new operation takes over; the guards were about the runs of the old one. */
const definitionFrom = (
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

const declined = ['REJECT', 'ABORT', 'WAIT'] as const;

/** A new operation over the items that ended REJECT, ABORT or WAIT, or that have one of the given codes. */
export async function retryBulkOperation(
  services: Services,
  request: RepeatRequest & { codes: readonly TransitionCode[] | null },
): Promise<BulkOperationResult> {
  const { id, codes, actor, idempotencyKey } = request;
  const { primary } = services.database;
  const source = await findOperation(primary, id);
  if (source === null) return unknownOperation;
  const which = codes === null ? { statuses: declined, codes: null } : { statuses: null, codes };
  const check = async (): Promise<Refused | null> => {
    if (!hasEnded(source)) return notEnded(source);
    if (codes?.length === 0)
      return refused(
        'NOTHING_TO_DO',
        'The list of codes is empty. Name some, or leave it out to retry all that was rejected, aborted or told to wait.',
      );
    if (source.restores !== null && (await findOperation(primary, source.restores)) === null)
      return refused(
        'NOTHING_TO_DO',
        'The operation that was undone has been deleted, and with it what its runs had before. Start a new operation with the state that you want.',
      );
    const [some] = await findItemsToCopy(primary, id, which, 'ASC', 1, null);
    if (some) return null;
    const asked =
      codes === null ? 'was rejected, aborted or told to wait' : `has one of the codes ${codes.join(', ')}`;
    const message = `No run of the operation ${asked}, so there is nothing to retry. Start a new operation for others.`;
    return refused('NOTHING_TO_DO', message);
  };
  return createOperation(
    services,
    definitionFrom(source, request, codes),
    {
      actor,
      idempotencyKey,
      origin: 'RETRY',
      status: 'QUEUED',
      selection: { phase: 'COPYING', after: null, deepest: 0 },
      runsPerSecond: source.runsPerSecond,
      retryOf: id,
      restores: source.restores,
    },
    check,
  );
}

/** A new operation that puts back the state each run had, where nothing else moved it since. */
export async function undoBulkOperation(
  services: Services,
  request: RepeatRequest,
): Promise<BulkOperationResult> {
  const { id, actor, idempotencyKey } = request;
  const { primary } = services.database;
  const source = await findOperation(primary, id);
  if (source === null) return unknownOperation;
  const check = async (): Promise<Refused | null> => {
    if (source.restores !== null)
      return refused(
        'UNDO_OF_UNDO',
        'An undo is not undone. Start a new operation with the state that you want.',
      );
    if (!hasEnded(source)) return notEnded(source);
    const [undo] = await findUndos(primary, [id]);
    if (undo) {
      const message = `The operation was already undone, by ${undo.id}. Look at that one, or retry what it could not put back.`;
      return refused('ALREADY_UNDONE', message);
    }
    const [some] = await findItemsToCopy(primary, id, { written: true }, 'ASC', 1, null);
    if (some) return null;
    const message =
      'The operation moved no run, so there is nothing to undo. Start a new operation for others.';
    return refused('NOTHING_TO_DO', message);
  };
  return createOperation(
    services,
    {
      ...definitionFrom(source, request, null),
      state: null,
      force: false,
      canary: null,
      pauseAboveFailureRatio: null,
      retryWaits: false,
    },
    {
      actor,
      idempotencyKey,
      origin: 'UNDO',
      status: 'QUEUED',
      selection: { phase: 'COPYING', after: null, deepest: 0 },
      undoOf: id,
      restores: id,
    },
    check,
  );
}
