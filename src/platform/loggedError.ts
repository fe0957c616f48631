const maxCharacters = 2_000;
const maxCauses = 5;

const shortened = (text: string): string =>
  text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}… (${text.length} characters)`;

/** An error as it appears in a log line. */
interface LoggedError {
  type: string;
  message: string;
  stack: string;
  code?: string;
  cause?: LoggedError;
}

const codeOf = (error: Error): { code?: string } =>
  'code' in error && typeof error.code === 'string' ? { code: error.code } : {};

/** Whether a database driver created the error. Its message may then repeat values of the statement. */
const isOfDatabase = (error: Error): boolean =>
  'sql' in error || 'sqlState' in error || 'driverError' in error || error.name === 'SqliteError';

/** The message of a database without the values and names that it quotes. */
const withoutQuotes = (message: string): string => message.replace(/['"`].*['"`]/s, "'…'");

/** The stack frames without the message. */
function framesOf({ stack = '', message }: Error): string {
  const afterMessage = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  return /(?:^ {4}at .*\n?)+$/m.exec(afterMessage)?.[0] ?? '';
}

/**
 * Converts an error for the log: its type, message, code, stack and causes. The statement and parameters of database
 * errors are left out, because they contain callers' data and can have any size.
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
