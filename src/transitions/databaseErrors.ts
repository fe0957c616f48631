import { badUserInput, SwitchyardError, timeout, unavailable } from '../domain/errors';
import {
  type DatabaseErrorKind,
  errorKindOf,
  isRetryable,
  isUnavailable,
} from '../persistence/connection/errorKind';

/** Whether an error means that the database is unavailable, regardless of the request. */
export const isDatabaseUnavailable = isUnavailable;

/**
 * Whether an error lies in the state that the database is in, not in what was asked of it: it is away, or busy with other
 * transactions. What was asked stays to be done; no run is to blame.
 */
export const isFaultOfDatabase = (error: unknown): boolean =>
  isDatabaseUnavailable(error) || isRetryable(error);

/** What is wrong with the database, for a log, a health check or an operation's error. */
export const reasons: Readonly<Record<DatabaseErrorKind, string>> = {
  connectionLost: 'The database cannot be reached.',
  tooManyConnections: 'The database has no free connection.',
  refused: 'The database does not accept this process.',
  readOnly: 'The database is read-only.',
  outOfSpace: 'The database has no disk space or memory left.',
  conflict: 'The database is busy with other transactions.',
  lockTimeout: 'Another transaction holds a row for too long.',
  statementTimeout: 'The database ended a statement: it took too long, or an administrator ended it.',
  tooLarge: 'The values are larger than the database accepts in one statement.',
  notMigrated: 'The database is not migrated.',
  duplicate: 'A row with this key exists already.',
};

/** Why the database failed a request; null where only a fault of this program explains the error. */
export function reasonOf(error: unknown): string | null {
  const kind = errorKindOf(error);
  return kind === null ? null : reasons[kind];
}

/** Returns the error that the caller receives: the database's own errors get a code, all others are returned unchanged. */
export function toClientError(error: unknown): unknown {
  if (error instanceof SwitchyardError) return error;
  const kind = errorKindOf(error);
  switch (kind) {
    case 'connectionLost':
    case 'tooManyConnections':
    case 'refused':
    case 'readOnly':
    case 'outOfSpace':
    case 'notMigrated':
    case 'conflict':
    case 'lockTimeout':
      return unavailable(`${reasons[kind]} Try again later.`, error);
    case 'statementTimeout':
      return timeout(`${reasons[kind]} Nothing was written by it.`);
    case 'tooLarge':
      return badUserInput([
        { path: ['input'], message: 'is larger than the database accepts in one statement' },
      ]);
    case 'duplicate':
    case null:
      return error;
  }
}
