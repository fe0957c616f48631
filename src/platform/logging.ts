import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';
import { logToStandardOutput } from './logDestination';
import { loggedError } from './loggedError';

export type { Logger } from 'pino';

/** What every line logged while a request is answered says of it. */
export interface RequestScope {
  readonly requestId: string;
}

/** The request being answered, wherever the code may be; absent outside requests. */
export const requestScope = new AsyncLocalStorage<RequestScope>();

const secretKeys = ['authorization', 'Authorization', 'cookie', 'password', 'token'];
const passwordInUrl = /(\/\/[^\s:/@"\\]*:)[^\s/"\\]+@/g;
const bearerToken = /(Bearer +)[\w.~+/=-]+/gi;

/** Takes passwords in addresses and bearer tokens out of a text. */
const withoutSecrets = (text: string): string =>
  text.replace(passwordInUrl, '$1[redacted]@').replace(bearerToken, '$1[redacted]');

/**
 * Makes the logger: one JSON object a line, with the request's id where there is one, and without secrets.
 *
 * @param destination where the lines go; by default standard output.
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
