import { unavailable } from '../domain/errors';
import type { Services } from './services';

/** An error as the caller is to be told of it: where the database cannot be used now, that is UNAVAILABLE. */
export function asTold({ database: { dialect } }: Pick<Services, 'database'>, error: unknown): unknown {
  if (!dialect.isUnreachable(error) && !dialect.isRefusal(error)) return error;
  return unavailable('The database cannot be reached now. Try again later.', error);
}
