import { hasEnded } from '../../domain/bulkOperationEnums';
import { findItemsToCopy } from '../../persistence/operations/items';
import { findOperation, findUndos } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import { undoneItems } from '../repeatedItems';
import {
  type BulkOperationRefused,
  type BulkOperationResult,
  notEnded,
  refused,
  unknownOperation,
} from './bulkOperationResult';
import { createOperation } from './createOperation';
import { definitionFrom, type RepeatRequest } from './repeatRequest';

/** Creates an operation that restores the earlier state of each run that has not moved since. */
export async function undoBulkOperation(
  services: Services,
  request: RepeatRequest,
): Promise<BulkOperationResult> {
  const { id, actor, idempotencyKey } = request;
  const { primary } = services.database;
  const source = await findOperation(primary, id);
  if (source === null) return unknownOperation;
  const check = async (): Promise<BulkOperationRefused | null> => {
    if (source.restores !== null)
      return refused(
        'UNDO_OF_UNDO',
        'An undo is not undone. Start a new operation with the state that you want.',
      );
    if (!hasEnded(source)) return notEnded(source);
    const [undo] = await findUndos(primary, [id]);
    if (undo) {
      const message = `The operation was already undone, by ${undo.id}. Check that one, or retry what it could not undo.`;
      return refused('ALREADY_UNDONE', message);
    }
    const [some] = await findItemsToCopy(primary, id, undoneItems, 'ASC', 1, null);
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
