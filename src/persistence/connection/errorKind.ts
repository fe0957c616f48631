/**
 * What an error of a database driver means. Everything that reacts to such an error decides by this alone.
 *
 * - `connectionLost`: the server cannot be reached, or ended the connection; nothing is wrong with the request.
 * - `tooManyConnections`: the server, or this process's pool, has no connection left.
 * - `refused`: the server does not accept this process: password, database name, privileges, host, TLS.
 * - `readOnly`: the server accepts no writes, as one that another server took over from.
 * - `outOfSpace`: the server has no disk space or memory left.
 * - `conflict`: another transaction came in between (deadlock): the database rolled this one back, or did not begin it.
 * - `lockTimeout`: another transaction held a row for too long.
 * - `statementTimeout`: the server ended a statement: a time limit, or an administrator.
 * - `tooLarge`: a statement or a value is larger than the server accepts.
 * - `notMigrated`: a table or a column does not exist.
 * - `duplicate`: a row with this key exists.
 */
export type DatabaseErrorKind =
  | 'connectionLost'
  | 'tooManyConnections'
  | 'refused'
  | 'readOnly'
  | 'outOfSpace'
  | 'conflict'
  | 'lockTimeout'
  | 'statementTimeout'
  | 'tooLarge'
  | 'notMigrated'
  | 'duplicate';

/** Numbers that MySQL and MariaDB servers send; they agree on all of these. */
const serverErrors: Readonly<Record<DatabaseErrorKind, readonly number[]>> = {
  connectionLost: [
    1043, // bad handshake
    1047, // unknown command: a Galera node that is not synchronized
    1053, // server shutdown in progress
    1079, // normal shutdown
    1152, // aborted connection
    1158, // error reading communication packets
    1159, // timeout reading communication packets
    1160, // error writing communication packets
    1161, // timeout writing communication packets
    1184, // new connection aborted
    1927, // MariaDB: connection was killed
    3032, // server is offline, see offline_mode
    3169, // MySQL: session was killed
    4031, // MySQL: disconnected after wait_timeout
  ],
  tooManyConnections: [
    1040, // too many connections
    1135, // cannot create a thread
    1203, // max_user_connections of the server
    1226, // a limit of this user
  ],
  refused: [
    1044, // access to the database denied
    1045, // wrong user or password
    1049, // unknown database
    1129, // host blocked because of connection errors
    1130, // host is not allowed to connect
    1142, // statement denied on a table
    1143, // statement denied on a column
    1193, // unknown variable: a server of the other kind
    1227, // privilege missing
    1251, // authentication protocol not supported
    1370, // routine denied
    1524, // authentication plugin not loaded
    1698, // access denied without a password
    1820, // password must be changed
    1862, // password has expired
    3118, // account is locked
    3159, // TLS required
    4151, // MariaDB: account is locked
  ],
  readOnly: [
    1223, // FLUSH TABLES WITH READ LOCK
    1290, // read_only or super_read_only
    1792, // read-only transaction
    1836, // innodb_read_only
    3098, // group replication does not accept the statement
    3100, // group replication does not accept the commit
  ],
  outOfSpace: [
    3, // error writing a file
    1021, // disk full
    1026, // error writing a file
    1030, // storage engine error; disk full among them
    1037, // out of memory
    1038, // out of sort memory
    1041, // out of memory
    1114, // table or tablespace is full
  ],
  conflict: [
    1020, // record has changed since last read
    1213, // deadlock
    1412, // table definition has changed
    3101, // group replication rolled the transaction back
  ],
  lockTimeout: [
    1205, // lock wait timeout
    3572, // NOWAIT
  ],
  statementTimeout: [
    1028, // sort aborted
    1317, // KILL QUERY
    1969, // MariaDB: max_statement_time
    3024, // MySQL: max_execution_time
  ],
  tooLarge: [
    1118, // row size too large
    1153, // max_allowed_packet
    1162, // result string longer than max_allowed_packet
    1301, // function result longer than max_allowed_packet
    1390, // too many placeholders
  ],
  notMigrated: [
    1054, // unknown column
    1146, // no such table
  ],
  duplicate: [
    1062, // duplicate entry
    1586, // duplicate entry, with the key's name
  ],
};

/** Codes of Node's sockets and TLS, of the mysql2 driver, of the pool, and of SQLite. */
const clientErrors: Readonly<Record<DatabaseErrorKind, readonly string[]>> = {
  connectionLost: [
    'EADDRNOTAVAIL',
    'EAI_AGAIN',
    'ECONNABORTED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTDOWN',
    'EHOSTUNREACH',
    'EMFILE',
    'ENETDOWN',
    'ENETRESET',
    'ENETUNREACH',
    'ENFILE',
    'ENOTCONN',
    'ENOTFOUND',
    'EPIPE',
    'ERR_SOCKET_CLOSED',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_WRITE_AFTER_END',
    'ETIMEDOUT',
    'PROTOCOL_CONNECTION_LOST',
    'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
    'PROTOCOL_PACKETS_OUT_OF_ORDER',
    'PROTOCOL_SEQUENCE_TIMEOUT',
    'SQLITE_CANTOPEN_FULLPATH',
    'SQLITE_IOERR',
    'SQLITE_PROTOCOL',
  ],
  tooManyConnections: ['POOL_TIMEOUT'],
  refused: [
    'AUTH_SWITCH_PLUGIN_ERROR',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_UNTRUSTED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'EACCES',
    'EEXIST',
    'EISDIR',
    'ENOTDIR',
    'EPERM',
    'EPROTO',
    'EROFS',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'HANDSHAKE_NO_SSL_SUPPORT',
    'HANDSHAKE_SSL_ERROR',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'SQLITE_AUTH',
    'SQLITE_CANTOPEN',
    'SQLITE_NOTADB',
    'SQLITE_PERM',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  readOnly: ['SQLITE_READONLY'],
  outOfSpace: ['ENOSPC', 'SQLITE_FULL', 'SQLITE_NOMEM'],
  conflict: ['SQLITE_BUSY', 'SQLITE_LOCKED'],
  lockTimeout: [],
  statementTimeout: ['SQLITE_INTERRUPT'],
  tooLarge: ['SQLITE_TOOBIG'],
  notMigrated: [],
  duplicate: ['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE'],
};

/** Errors that carry no code, by their message. */
const messages: readonly (readonly [RegExp, DatabaseErrorKind])[] = [
  [
    /connection is in closed state|write in closed state|Pool is closed|database connection is not open/i,
    'connectionLost',
  ],
  [/no such table|no such column|has no column named/i, 'notMigrated'],
];

const kinds = Object.keys(serverErrors) as DatabaseErrorKind[];
const byNumber = new Map(kinds.flatMap(kind => serverErrors[kind].map(number => [number, kind] as const)));
const byCode = new Map(kinds.flatMap(kind => clientErrors[kind].map(code => [code, kind] as const)));

/** Errors of connections to a database, and of opening its file. */
const databaseErrors = new WeakSet<object>();

/**
 * Marks an error as one of the database: sockets and files of anything else fail with the same codes.
 *
 * @returns the error itself.
 */
export function asDatabaseError(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) databaseErrors.add(error);
  return error;
}

/** Codes that only the drivers and the pool of databases have. */
const driverCode = /^(SQLITE|PROTOCOL|POOL|HANDSHAKE|AUTH)_/;

interface DriverError {
  errno?: unknown;
  code?: unknown;
  message?: unknown;
  driverError?: unknown;
}

/** The error of the driver itself, inside the one of TypeORM. */
function driverErrorOf(error: unknown): DriverError {
  if (typeof error !== 'object' || error === null) return {};
  const { driverError } = error as DriverError;
  return driverError === undefined || driverError === error ? error : driverErrorOf(driverError);
}

/** SQLite's extended codes begin with the plain one: `SQLITE_BUSY_SNAPSHOT`. */
function kindOfCode(code: string): DatabaseErrorKind | null {
  const kind = byCode.get(code);
  if (kind !== undefined) return kind;
  if (/^ERR_(SSL|OSSL|TLS)_/.test(code)) return 'refused';
  const [, plain] = /^(SQLITE_[A-Z]+)_/.exec(code) ?? [];
  return (plain !== undefined && byCode.get(plain)) || null;
}

/** Whether an error is one of the database for sure: it was marked as one, or is that of a statement. */
const isOfDatabase = (error: unknown, driverError: DriverError): boolean =>
  error !== driverError || databaseErrors.has(driverError);

/**
 * What an error of a driver means; null where it is none, or one that only a fault of this program explains. The codes that
 * all sockets and files have count only in errors that `asDatabaseError` marked, and in those of statements.
 */
export function errorKindOf(error: unknown): DatabaseErrorKind | null {
  const driverError = driverErrorOf(error);
  const { errno, code, message } = driverError;
  const kind = typeof errno === 'number' ? byNumber.get(errno) : undefined;
  if (kind !== undefined) return kind;
  if (typeof code === 'string' && (driverCode.test(code) || isOfDatabase(error, driverError))) {
    const ofCode = kindOfCode(code);
    if (ofCode !== null) return ofCode;
  }
  const text = typeof message === 'string' ? message : '';
  return messages.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

const unavailableKinds: ReadonlySet<DatabaseErrorKind | null> = new Set<DatabaseErrorKind>([
  'connectionLost',
  'tooManyConnections',
  'refused',
  'readOnly',
  'outOfSpace',
  'notMigrated',
]);

/** Whether an error says that the database is unavailable, regardless of the request. */
export const isUnavailable = (error: unknown): boolean => unavailableKinds.has(errorKindOf(error));

/**
 * Whether the database rolled a transaction back because of another one, so that a retry may succeed: `retryOnDeadlock`
 * makes it.
 */
export function isRetryable(error: unknown): boolean {
  const kind = errorKindOf(error);
  return kind === 'conflict' || kind === 'lockTimeout';
}
