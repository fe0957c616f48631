import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';
import { logToStandardOutput } from './logDestination';
import { loggedError } from './loggedError';

export type { Logger } from 'pino';

/** The fields of every line that is logged during a request. */
interface RequestScope {
  readonly requestId: string;
}

/** The current request; undefined outside of requests. */
export const requestScope = new AsyncLocalStorage<RequestScope>();

const secretKeys = ['authorization', 'Authorization', 'cookie', 'password', 'token'];
const passwordInUrl = /(\/\/[^\s:/@"\\]*:)[^\s/"\\]+@/g;
const bearerToken = /(Bearer +)[\w.~+/=-]+/gi;

/** Removes passwords in URLs and bearer tokens from a text. */
const withoutSecrets = (text: string): string =>
  text.replace(passwordInUrl, '$1[redacted]@').replace(bearerToken, '$1[redacted]');

/**
 * Creates the logger. It writes one JSON object per line, with the id of the current request and without secrets.
 *
 * @param destination where the lines are written; standard output by default.
 */
export function createLogger(level: string, destination: DestinationStream = logToStandardOutput()): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { err: (error: unknown) => loggedError(error) },
      mixin: () => ({ ...requestScope.getStore() }),
      redact: {
        paths: secretKeys.flatMap(key => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[redacted]',
      },
      hooks: { streamWrite: withoutSecrets },
    },
    destination,
  );
}
