import { unavailable } from '../domain/errors';
import type { Services } from './services';

/** Whether something failed because the database cannot be used now, and not because of what was asked. */
export const isDatabaseAway = (
  { database: { dialect } }: Pick<Services, 'database'>,
  error: unknown,
): boolean => dialect.isUnreachable(error) || dialect.isRefusal(error);

/** An error as the caller is to be told of it: where the database cannot be used now, that is UNAVAILABLE. */
export function asTold(services: Pick<Services, 'database'>, error: unknown): unknown {
  if (!isDatabaseAway(services, error)) return error;
  return unavailable('The database cannot be reached now. Try again later.', error);
}
