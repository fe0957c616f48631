import { hasEnded } from '../../domain/bulkOperationEnums';
import type { TransitionCode } from '../../domain/transition';
import { findItemsToCopy } from '../../persistence/operations/items';
import { findOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { retriedItems } from '../repeatedItems';
import {
  type BulkOperationRefused,
  type BulkOperationResult,
  notEnded,
  refused,
  unknownOperation,
} from './bulkOperationResult';
import { createOperation } from './createOperation';
import { definitionFrom, type RepeatRequest } from './repeatRequest';

/** What limits an operation while it runs. Absent: as the retried operation has it; null: none. */
interface Brakes {
  runsPerSecond?: number | null;
  canary?: number | null;
  pauseAboveFailureRatio?: number | null;
}

/**
 * Makes an operation over the items that ended REJECT, ABORT or WAIT, or instead of these over those with one of the given
 * codes: `repeatedItems.ts` says which, and `selection/copyItems.ts` copies them.
 */
export async function retryBulkOperation(
  services: Services,
  request: RepeatRequest & { codes: readonly TransitionCode[] | null; brakes: Brakes },
): Promise<BulkOperationResult> {
  const { id, codes, actor, idempotencyKey, brakes } = request;
  const { primary } = services.database;
  const source = await findOperation(primary, id);
  if (source === null) return unknownOperation;
  const check = async (): Promise<BulkOperationRefused | null> => {
    if (!hasEnded(source)) return notEnded(source);
    if (codes?.length === 0)
      return refused(
        'NOTHING_TO_DO',
        'The list of codes is empty. Name some, or leave it out to retry all items with REJECT, ABORT or WAIT.',
      );
    if (source.restores !== null && (await findOperation(primary, source.restores)) === null)
      return refused(
        'NOTHING_TO_DO',
        'The operation that was undone has been deleted, and with it what its runs had before. Start a new operation with the state that you want.',
      );
    const [some] = await findItemsToCopy(primary, id, retriedItems(codes), 'ASC', 1, null);
    if (some) return null;
    const asked = codes === null ? 'ended REJECT, ABORT or WAIT' : `has one of the codes ${codes.join(', ')}`;
    const message = `No run of the operation ${asked}, so there is nothing to retry. Start a new operation for others.`;
    return refused('NOTHING_TO_DO', message);
  };
  const definition = definitionFrom(source, request, codes);
  const {
    runsPerSecond = source.runsPerSecond,
    canary = definition.canary,
    pauseAboveFailureRatio = definition.pauseAboveFailureRatio,
  } = brakes;
  return createOperation(
    services,
    { ...definition, canary, pauseAboveFailureRatio },
    {
      actor,
      idempotencyKey,
      origin: 'RETRY',
      status: 'QUEUED',
      selection: { phase: 'COPYING', after: null, deepest: 0 },
      runsPerSecond,
      retryOf: id,
      restores: source.restores,
    },
    check,
  );
}
