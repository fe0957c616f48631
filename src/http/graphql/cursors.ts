import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badUserInput } from '../../domain/errors';
import { isId } from '../../domain/identifiers';
import { findInvalidText } from '../../domain/textIntegrity';

/**
 * A list with cursors. A cursor holds the key of a row, the values that the list is sorted by, so that it stays valid
 * while rows come and go.
 */
export interface CursorList<Key extends readonly unknown[]> {
  /** No two lists have the same. */
  readonly name: string;
  /** What else a cursor belongs to, such as one sort, by name: with another value it is rejected. */
  readonly within?: Readonly<Record<string, string>>;
  readonly key: z.ZodType<Key>;
}

/** What a cursor of a filtered list belongs to: it is rejected with another filter. */
export const digestOf = (filter: object | null): string =>
  createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 12);

/** A name in a key. */
export const nameInKey = z.string().refine(name => findInvalidText(name) === null);

/** An id in a key. */
export const idInKey = <Id extends string>() =>
  z.custom<Id>(value => typeof value === 'string' && isId(value));

const cursorError = (message = 'is not a cursor of this list') =>
  badUserInput([{ path: ['after'], message: `${message}; start again without it` }]);

/** Makes the cursor of a row in a list. */
export const encodeCursor = <Key extends readonly unknown[]>(list: CursorList<Key>, key: Key): string =>
  Buffer.from(JSON.stringify([list.name, ...Object.values(list.within ?? {}), ...key])).toString('base64url');

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    // Text that is not JSON is not a cursor either.
    return [];
  }
}

/**
 * Reads the key of a row out of a cursor.
 *
 * @throws SwitchyardError BAD_USER_INPUT where `encodeCursor` did not make it for this list.
 */
export function decodeCursor<Key extends readonly unknown[]>(list: CursorList<Key>, cursor: string): Key {
  const [name, ...parts] = partsOf(cursor);
  if (name !== list.name) throw cursorError();
  const within = Object.entries(list.within ?? {});
  const other = within.find(([, value], index) => value !== parts[index]);
  if (other) throw cursorError(`is a cursor of another ${other[0]}`);
  const key = list.key.safeParse(parts.slice(within.length)).data;
  // One row has one cursor: other alphabets, padding and spaces are rejected.
  if (key === undefined || encodeCursor(list, key) !== cursor) throw cursorError();
  return key;
}
