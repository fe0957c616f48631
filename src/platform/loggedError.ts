const maxCharacters = 2_000;
const maxCauses = 5;

const shortened = (text: string): string =>
  text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}… (${text.length} characters)`;

/** An error as a line of the log shows it. */
export interface LoggedError {
  type: string;
  message: string;
  stack: string;
  code?: string;
  cause?: LoggedError;
}

const codeOf = (error: Error): { code?: string } =>
  'code' in error && typeof error.code === 'string' ? { code: error.code } : {};

/** Whether a database driver made the error: then its text may repeat values of the statement. */
const isOfDatabase = (error: Error): boolean =>
  'sql' in error || 'sqlState' in error || 'driverError' in error || error.name === 'SqliteError';

/** What a database's message says, without the values and names that it quotes. */
const withoutQuotes = (message: string): string => message.replace(/['"`].*['"`]/s, "'…'");

/** Where the error was thrown: the frames without the message, which the stack would repeat. */
function framesOf({ stack = '', message }: Error): string {
  const afterMessage = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  return /(?:^ {4}at .*\n?)+$/m.exec(afterMessage)?.[0] ?? '';
}

/**
 * An error as it may be logged: its type, message, code, stack and causes. Errors of databases carry the whole statement
 * with its parameters; these hold callers' data, and may be of any size.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: shortened(String(error)), stack: '' };
  const message = shortened(isOfDatabase(error) ? withoutQuotes(error.message) : error.message);
  return {
    type: error.name,
    message,
    stack: shortened(framesOf(error)),
    ...codeOf(error),
    ...(error.cause !== undefined && depth < maxCauses && { cause: loggedError(error.cause, depth + 1) }),
  };
}
