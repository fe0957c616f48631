import { In } from 'typeorm';
import type { BulkOperationCommand } from '../../domain/bulkOperation';
import type { BulkOperationId } from '../../domain/identifiers';
import type { SqlExecutor } from '../connection/statements';
import { BulkOperationCommandEntity } from '../entities/bulkOperation';

const commands = (connection: SqlExecutor) => connection.getRepository(BulkOperationCommandEntity);

/** Records a command, in the transaction that carries it out. */
export async function insertCommand(connection: SqlExecutor, command: BulkOperationCommand): Promise<void> {
  await commands(connection).insert(command);
}

/** The commands that were given to these operations, oldest first. */
export const findCommands = (
  connection: SqlExecutor,
  operationIds: readonly BulkOperationId[],
): Promise<BulkOperationCommand[]> =>
  commands(connection).find({ where: { operationId: In(operationIds) }, order: { id: 'ASC' } });

/** Deletes the commands of a deleted operation. */
export async function deleteCommands(connection: SqlExecutor, operationId: BulkOperationId): Promise<void> {
  await commands(connection).delete({ operationId });
}
