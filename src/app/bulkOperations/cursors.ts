import { badUserInput } from '../../domain/errors';
import type { BulkOperationId } from '../../domain/identifiers';

/** What a cursor counts: places in commit order, or places in a list. */
type Kind = 'position' | 'ordinal';

const encode = (kind: Kind, id: BulkOperationId, number: number): string =>
  Buffer.from(`${kind} ${id} ${number}`).toString('base64url');

function decode(kind: Kind, id: BulkOperationId, cursor: string): number {
  const [, ofKind, ofId, number] =
    /^(\w+) (\S+) (\d{1,10})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const refuse = (message: string) => badUserInput([{ path: ['after'], message }]);
  if (number === undefined || ofKind !== kind) throw refuse('is not a cursor of this list');
  if (ofId !== id) throw refuse('is a cursor of another operation');
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
