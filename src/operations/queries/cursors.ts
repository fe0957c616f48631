import type { BulkOperationId } from '../../domain/identifiers';
import { cursorError, decodeCursor, encodeCursor } from '../../platform/cursorText';

/** What a cursor counts: places in commit order, or places in a list. */
type Kind = 'position' | 'ordinal';

const encode = (kind: Kind, id: BulkOperationId, number: number): string =>
  encodeCursor(`${kind} ${id} ${number}`);

function decode(kind: Kind, id: BulkOperationId, cursor: string): number {
  const [, ofKind, ofId, number] = /^(\w+) (\S+) (\d{1,10})$/.exec(decodeCursor(cursor)) ?? [];
  if (number === undefined || ofKind !== kind) throw cursorError();
  if (ofId !== id) throw cursorError('is a cursor of another operation');
  return Number(number);
}

/** Where those who watch an operation's items go on from. */
export const itemCursor = (id: BulkOperationId, position: number): string => encode('position', id, position);

/** @throws SwitchyardError BAD_USER_INPUT where it is no such cursor, or one of another operation. */
export const positionOf = (id: BulkOperationId, cursor: string | null): number =>
  cursor === null ? 0 : decode('position', id, cursor);

/** A place in the list of an operation's items. */
export const listCursor = (id: BulkOperationId, ordinal: number): string => encode('ordinal', id, ordinal);

/** @throws SwitchyardError BAD_USER_INPUT where it is no such cursor, or one of another operation. */
export const ordinalOf = (id: BulkOperationId, cursor: string | null): number | null =>
  cursor === null ? null : decode('ordinal', id, cursor);
