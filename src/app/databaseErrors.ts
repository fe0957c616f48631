import { unavailable } from '../domain/errors';
import type { Services } from './services';

/** Whether an error means that the database cannot be used now, whatever the request was. */
export const isDatabaseUnavailable = (
  { database: { dialect } }: Pick<Services, 'database'>,
  error: unknown,
): boolean => dialect.isUnreachable(error) || dialect.isRefusal(error);

/** Returns the error that the caller receives: UNAVAILABLE where the database cannot be used now, else the error itself. */
export function toClientError(services: Pick<Services, 'database'>, error: unknown): unknown {
  if (!isDatabaseUnavailable(services, error)) return error;
  return unavailable('The database cannot be reached now. Try again later.', error);
}
