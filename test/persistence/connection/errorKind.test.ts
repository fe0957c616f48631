import { QueryFailedError } from 'typeorm';
import {
  asDatabaseError,
  type DatabaseErrorKind,
  errorKindOf,
  isRetryable,
  isUnavailable,
} from '../../../src/persistence/connection/errorKind';

const serverError = (errno: number, code = 'UNKNOWN_CODE_PLEASE_REPORT') =>
  Object.assign(new Error('text of the server'), { errno, code });
const clientError = (code: string, errno?: number) => Object.assign(new Error('text'), { code, errno });

describe('the kind of a database error', () => {
  it.each<[string, unknown, DatabaseErrorKind | null]>([
    ['a server that is shutting down', serverError(1053, 'ER_SERVER_SHUTDOWN'), 'connectionLost'],
    ['a killed connection of MariaDB', serverError(1927), 'connectionLost'],
    ['an idle connection that MySQL ended', serverError(4031), 'connectionLost'],
    ['a refused socket', clientError('ECONNREFUSED', -111), 'connectionLost'],
    ['a name without an address', clientError('ENOTFOUND', -3008), 'connectionLost'],
    ['a statement without a response', clientError('PROTOCOL_SEQUENCE_TIMEOUT'), 'connectionLost'],
    [
      'a closed connection of mysql2',
      new Error("Can't add new command when connection is in closed state"),
      'connectionLost',
    ],
    ['too many connections', serverError(1040, 'ER_CON_COUNT_ERROR'), 'tooManyConnections'],
    ['a limit of the user', serverError(1226, 'ER_USER_LIMIT_REACHED'), 'tooManyConnections'],
    ['a limit of all users', serverError(1203), 'tooManyConnections'],
    ['a pool without a free connection', clientError('POOL_TIMEOUT'), 'tooManyConnections'],
    ['a wrong password', serverError(1045, 'ER_ACCESS_DENIED_ERROR'), 'refused'],
    ['an unknown database', serverError(1049, 'ER_BAD_DB_ERROR'), 'refused'],
    ['a blocked host', serverError(1129), 'refused'],
    ['a server that asks for TLS', serverError(3159), 'refused'],
    ['a certificate of an unknown authority', clientError('SELF_SIGNED_CERT_IN_CHAIN'), 'refused'],
    ['a TLS version that the server lacks', clientError('ERR_SSL_UNSUPPORTED_PROTOCOL'), 'refused'],
    ['a server with read_only', serverError(1290, 'ER_OPTION_PREVENTS_STATEMENT'), 'readOnly'],
    ['a server with innodb_read_only', serverError(1836), 'readOnly'],
    ['a group without a majority', serverError(3100), 'readOnly'],
    ['a full disk', serverError(1021), 'outOfSpace'],
    ['a full disk under SQLite', clientError('SQLITE_FULL'), 'outOfSpace'],
    ['a deadlock', serverError(1213, 'ER_LOCK_DEADLOCK'), 'conflict'],
    ['a busy SQLite file', clientError('SQLITE_BUSY_SNAPSHOT'), 'conflict'],
    ['a row that another transaction holds', serverError(1205), 'lockTimeout'],
    ['max_execution_time of MySQL', serverError(3024), 'statementTimeout'],
    ['max_statement_time of MariaDB', serverError(1969), 'statementTimeout'],
    ['a killed statement', serverError(1317), 'statementTimeout'],
    ['a packet that is too large', serverError(1153), 'tooLarge'],
    ['a table that does not exist', serverError(1146), 'notMigrated'],
    ['a column that does not exist', serverError(1054), 'notMigrated'],
    [
      'a table that SQLite lacks',
      Object.assign(new Error('no such table: flow_run'), { code: 'SQLITE_ERROR' }),
      'notMigrated',
    ],
    ['a key that exists', serverError(1062), 'duplicate'],
    ['a key that exists in SQLite', clientError('SQLITE_CONSTRAINT_PRIMARYKEY'), 'duplicate'],
    ['a fault in the program', new TypeError('x is not a function'), null],
    ['a syntax error', serverError(1064), null],
    ['no error at all', undefined, null],
  ])('of %s is found', (_what, error, kind) => {
    expect(errorKindOf(asDatabaseError(error))).toBe(kind);
    if (error instanceof Error) expect(errorKindOf(new QueryFailedError('SELECT 1', [], error))).toBe(kind);
  });

  it.each([
    'ECONNRESET',
    'ENOTFOUND',
    'EACCES',
    'ENOSPC',
    'CERT_HAS_EXPIRED',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ])('is null for an error %s that no database has', code => {
    expect(errorKindOf(clientError(code))).toBeNull();
    expect(errorKindOf(asDatabaseError(clientError(code)))).not.toBeNull();
  });

  it('decides whether the database is unavailable', () => {
    expect(isUnavailable(serverError(1290))).toBe(true);
    expect(isUnavailable(serverError(3024))).toBe(false);
    expect(isUnavailable(new Error('a fault'))).toBe(false);
  });

  it('decides whether a transaction may succeed when it is repeated', () => {
    expect([1213, 1205, 1020].map(errno => isRetryable(serverError(errno)))).toEqual([true, true, true]);
    expect([1053, 1317, 1062].map(errno => isRetryable(serverError(errno)))).toEqual([false, false, false]);
  });
});
