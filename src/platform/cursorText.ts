import { badUserInput, type SwitchyardError } from '../domain/errors';

/** The error for a cursor that cannot be used; the caller finds it in its argument `after`. */
export const cursorError = (message = 'is not a cursor of this list'): SwitchyardError =>
  badUserInput([{ path: ['after'], message }]);

/** Makes an opaque cursor out of a text. */
export const encodeCursor = (text: string): string => Buffer.from(text).toString('base64url');

/**
 * Reads the text of a cursor.
 *
 * @throws SwitchyardError BAD_USER_INPUT where `encodeCursor` cannot have made it: other alphabets, padding, bytes that are
 * not UTF-8, or a NUL, which no database accepts in text.
 */
export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (encodeCursor(text) !== cursor || text.includes('\0')) throw cursorError();
  return text;
}
