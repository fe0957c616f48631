import type { BulkOperation, BulkOperationCommand } from '../../domain/bulkOperation';
import type { BulkOperationCommandKind } from '../../domain/bulkOperationEnums';
import type { BulkOperationId } from '../../domain/identifiers';
import { insertCommand } from '../../persistence/operations/commands';
import { lockOperation, updateOperation } from '../../persistence/operations/operations';
import type { Services } from '../../transitions/services';
import {
  type BulkOperationRefused,
  type BulkOperationResult,
  isRefused,
  unknownOperation,
} from './bulkOperationResult';

/** A command as a caller gives it. */
interface GivenCommand {
  kind: BulkOperationCommandKind;
  actor: string;
  /** The new rate of SET_RATE. */
  runsPerSecond?: number | null;
}

/** Returns the record of a command. */
export const commandOf = (
  { newId, clock }: Services,
  operationId: BulkOperationId,
  { kind, actor, runsPerSecond = null }: GivenCommand,
): BulkOperationCommand => ({ id: newId(), operationId, kind, actor, at: clock(), runsPerSecond });

/**
 * Changes an operation's own row and records the command, unless its status forbids that.
 *
 * @param change returns the columns to write, or why nothing is written.
 */
export async function changeBulkOperation(
  services: Services,
  id: BulkOperationId,
  command: GivenCommand,
  change: (operation: BulkOperation) => Partial<BulkOperation> | BulkOperationRefused,
): Promise<BulkOperationResult> {
  const { database, operationSignals, workSignals } = services;
  const result = await database.transaction(async (connection): Promise<BulkOperationResult> => {
    const operation = await lockOperation(connection, id);
    if (operation === null) return unknownOperation;
    const changes = change(operation);
    if ('code' in changes) return changes;
    await updateOperation(connection, id, changes);
    await insertCommand(connection, commandOf(services, id, command));
    return { ...operation, ...changes };
  });
  if (!isRefused(result)) {
    operationSignals.notify(id);
    workSignals.notify(id);
  }
  return result;
}
