import type { BulkOperationId } from '../domain/identifiers';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const words = (operation: string, restores: string): string =>
  `restored by bulk operation ${operation}, which undoes ${restores}`;
const atTheEnd = new RegExp(`(?:^${words(uuid, uuid)}| \\(${words(uuid, uuid)}\\))$`);

/** Says in the message of a restored state which undo wrote it. */
export const undoNote = (operation: BulkOperationId, restores: BulkOperationId): string =>
  words(operation, restores);

/** A message with a note behind it. The note of an earlier undo goes: a run that is moved and restored often has one. */
export function withUndoNote(message: string | null, note: string): string {
  const own = message?.replace(atTheEnd, '') ?? '';
  return own === '' ? note : `${own} (${note})`;
}
