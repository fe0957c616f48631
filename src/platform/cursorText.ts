import { badUserInput, type SwitchyardError } from '../domain/errors';

/** The error for an invalid cursor, at the path of the argument `after`. */
export const cursorError = (message = 'is not a cursor of this list'): SwitchyardError =>
  badUserInput([{ path: ['after'], message }]);

/** Encodes a text as an opaque cursor. */
export const encodeCursor = (text: string): string => Buffer.from(text).toString('base64url');

/**
 * Decodes the text of a cursor.
 *
 * @throws SwitchyardError BAD_USER_INPUT for a text that `encodeCursor` cannot return: another alphabet, padding,
 * bytes that are not UTF-8, or a NUL, which no database accepts in text.
 */
export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (encodeCursor(text) !== cursor || text.includes('\0')) throw cursorError();
  return text;
}
