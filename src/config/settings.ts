import { z } from 'zod';
import { apiKeys, databaseUrl, filePath, onOrOff, redisUrl, serverUrls, webUrl, wholeNumber } from './checks';

/** One setting: an environment variable, what it does, and how it is read. */
export interface Setting {
  readonly name: string;
  readonly meaning: string;
  /** What holds where the variable is absent or empty, written as one would write the variable; null: nothing. */
  readonly default: string | null;
  readonly example: string;
  /** Its value is never repeated in a message. */
  readonly secret?: true;
  readonly check: z.ZodType<unknown, string | undefined>;
}

const optionalText = z.string().optional();
const day = 86_400;

/** Every setting there is. The keys are how the program calls them. */
export const settings = {
  databaseUrl: {
    name: 'DATABASE_URL',
    meaning:
      'Where everything is stored: a file (embedded database), or a MySQL or MariaDB server. Percent-encode special characters in names and passwords. ?ssl-mode=DISABLED (default), PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY sets the encryption.',
    default: 'file:./data/switchyard.db',
    example: 'mysql://switchyard:secret@127.0.0.1:3306/switchyard',
    secret: true,
    check: databaseUrl,
  },
  databaseReplicaUrls: {
    name: 'DATABASE_REPLICA_URLS',
    meaning:
      'Replicas of a MySQL or MariaDB server, with commas between them. Lists and counts are read there in turns, and from DATABASE_URL where none answers; what decides never is.',
    default: '',
    example: 'mysql://switchyard:secret@replica:3306/switchyard',
    secret: true,
    check: serverUrls,
  },
  databasePoolSize: {
    name: 'DATABASE_POOL_SIZE',
    meaning:
      'Connections to a database server at once, at least 2. The embedded database has connections of its own.',
    default: '10',
    example: '20',
    check: wholeNumber(2, 1000),
  },
  databaseStatementSeconds: {
    name: 'DATABASE_STATEMENT_SECONDS',
    meaning:
      'Seconds that one statement on a database server may take; 0: without limit. Migrations have no limit.',
    default: '30',
    example: '60',
    check: wholeNumber(0, 3600),
  },
  databaseCa: {
    name: 'DATABASE_CA',
    meaning:
      'A PEM file with the authorities that the certificate of a database server may come from, for ssl-mode=VERIFY_CA and VERIFY_IDENTITY in DATABASE_URL. By default those that Node.js knows.',
    default: null,
    example: '/etc/switchyard/ca.pem',
    check: filePath.optional(),
  },
  databaseClientCertificate: {
    name: 'DATABASE_CLIENT_CERTIFICATE',
    meaning: 'A PEM file with the certificate that a database server asks clients for.',
    default: null,
    example: '/etc/switchyard/client.pem',
    check: filePath.optional(),
  },
  databaseClientKey: {
    name: 'DATABASE_CLIENT_KEY',
    meaning: 'A PEM file with the private key of DATABASE_CLIENT_CERTIFICATE, without a passphrase.',
    default: null,
    example: '/etc/switchyard/client-key.pem',
    check: filePath.optional(),
  },
  redisUrl: {
    name: 'REDIS_URL',
    meaning:
      "A Redis server (7 or newer) through which several processes wake workers and see each other's changes in subscriptions. It keeps nothing that could be lost.",
    default: null,
    example: 'redis://:secret@127.0.0.1:6379',
    secret: true,
    check: redisUrl.optional(),
  },
  migrate: {
    name: 'MIGRATE',
    meaning: 'Whether a start brings the tables up to date: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  port: {
    name: 'PORT',
    meaning: 'The port to listen on; 0: any free one.',
    default: '4200',
    example: '8080',
    check: wholeNumber(0, 65_535),
  },
  host: {
    name: 'HOST',
    meaning: 'The address to listen on. One that other machines reach needs API_KEYS or JWKS_URL.',
    default: '127.0.0.1',
    example: '0.0.0.0',
    check: z.string().regex(/^[\w.:-]+$/, 'must be an address or a name, without a port'),
  },
  apiKeys: {
    name: 'API_KEYS',
    meaning:
      'Keys, with commas between them: name:scope+scope:digest. The scopes are read, write, force, operate and admin (all of them); the digest is the SHA-256 of the key.',
    default: '',
    example: `ops:read+write:${'0123456789abcdef'.repeat(4)}`,
    secret: true,
    check: apiKeys,
  },
  jwksUrl: {
    name: 'JWKS_URL',
    meaning:
      'Where the issuer of JSON Web Tokens publishes its keys. Scopes come from the claim scope or scopes.',
    default: null,
    example: 'https://login.example.com/.well-known/jwks.json',
    secret: true,
    check: webUrl.optional(),
  },
  jwtIssuer: {
    name: 'JWT_ISSUER',
    meaning: 'What a token must name as its issuer (iss).',
    default: null,
    example: 'https://login.example.com/',
    check: optionalText,
  },
  jwtAudience: {
    name: 'JWT_AUDIENCE',
    meaning: 'What a token must name as its audience (aud).',
    default: null,
    example: 'switchyard',
    check: optionalText,
  },
  logLevel: {
    name: 'LOG_LEVEL',
    meaning: 'What is logged at least: trace, debug, info, warn, error, fatal or silent.',
    default: 'info',
    example: 'debug',
    check: z.enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    ),
  },
  introspection: {
    name: 'INTROSPECTION',
    meaning: 'Whether clients may ask what the API offers: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  graphiql: {
    name: 'GRAPHIQL',
    meaning: 'Whether /graphql shows a page to try queries on: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    meaning: 'Bytes that the body of a request may have.',
    default: '2000000',
    example: '500000',
    check: wholeNumber(1000, 1_000_000_000),
  },
  maxBodyBytesInFlight: {
    name: 'MAX_BODY_BYTES_IN_FLIGHT',
    meaning:
      'Bytes that the bodies of all requests in hand may have together; further requests get 503. At least MAX_BODY_BYTES.',
    default: '128000000',
    example: '512000000',
    check: wholeNumber(1000, 100_000_000_000),
  },
  maxConnections: {
    name: 'MAX_CONNECTIONS',
    meaning:
      'Connections that clients may hold, WebSockets included. At the limit, connections without a request in hand give way to new ones; where there are none, new ones get 503. The system must allow as many open files.',
    default: '5000',
    example: '20000',
    check: wholeNumber(1, 1_000_000),
  },
  headerTimeoutSeconds: {
    name: 'HEADER_TIMEOUT_SECONDS',
    meaning:
      'Seconds in which a client must send the headers of a request, from the opening of its connection or from the first byte. At most RECEIVE_TIMEOUT_SECONDS.',
    default: '10',
    example: '5',
    check: wholeNumber(1, 3600),
  },
  receiveTimeoutSeconds: {
    name: 'RECEIVE_TIMEOUT_SECONDS',
    meaning: 'Seconds in which a client must send a whole request, its body included.',
    default: '30',
    example: '120',
    check: wholeNumber(1, 3600),
  },
  sendTimeoutSeconds: {
    name: 'SEND_TIMEOUT_SECONDS',
    meaning:
      'Seconds after which the connection of a client that reads nothing of a response, or responds to no ping of a WebSocket, is closed. A stream without events is not affected.',
    default: '30',
    example: '60',
    check: wholeNumber(1, 3600),
  },
  keepAliveSeconds: {
    name: 'KEEP_ALIVE_SECONDS',
    meaning:
      'Seconds that a connection stays open between two requests. Longer than a load balancer in front waits (often 60), or it uses connections that are just being closed.',
    default: '75',
    example: '620',
    check: wholeNumber(1, 86_400),
  },
  maxSocketsPerCaller: {
    name: 'MAX_SOCKETS_PER_CALLER',
    meaning:
      'WebSockets that a caller may have open: the holder of a key or token, or an address where nobody has to authenticate.',
    default: '2000',
    example: '100',
    check: wholeNumber(1, 1_000_000),
  },
  maxSubscriptionsPerCaller: {
    name: 'MAX_SUBSCRIPTIONS_PER_CALLER',
    meaning: 'Subscriptions that a caller may have at once, over WebSockets and server-sent events together.',
    default: '2000',
    example: '100',
    check: wholeNumber(1, 1_000_000),
  },
  maxSubscriptionsPerSocket: {
    name: 'MAX_SUBSCRIPTIONS_PER_SOCKET',
    meaning: 'Subscriptions, queries and mutations that may be in hand at once over one WebSocket.',
    default: '200',
    example: '20',
    check: wholeNumber(1, 1_000_000),
  },
  maxUnsentBytes: {
    name: 'MAX_UNSENT_BYTES',
    meaning: 'Bytes that may wait to be sent over one WebSocket; a client that reads more slowly is cut off.',
    default: '16000000',
    example: '4000000',
    check: wholeNumber(1000, 1_000_000_000),
  },
  socketInitSeconds: {
    name: 'SOCKET_INIT_SECONDS',
    meaning: 'Seconds in which a WebSocket must send connection_init.',
    default: '5',
    example: '10',
    check: wholeNumber(1, 3600),
  },
  maxDepth: {
    name: 'MAX_DEPTH',
    meaning: 'How deeply the fields of a query may be nested.',
    default: '12',
    example: '8',
    check: wholeNumber(1, 1000),
  },
  maxCost: {
    name: 'MAX_COST',
    meaning:
      'Cost of a query: 1 for each field, times the items of the lists around it (their page size, or the most they may hold); 10,000 for each count of runs, 4,000 for each list of runs, 100 for the items or a count of an operation.',
    default: '200000',
    example: '50000',
    check: wholeNumber(1, 1_000_000_000),
  },
  maxAliases: {
    name: 'MAX_ALIASES',
    meaning: 'Aliases that a query may have.',
    default: '50',
    example: '10',
    check: wholeNumber(0, 100_000),
  },
  maxTokens: {
    name: 'MAX_TOKENS',
    meaning: 'Tokens (words, numbers, brackets) that a query may have; its variables do not count.',
    default: '20000',
    example: '2000',
    check: wholeNumber(10, 10_000_000),
  },
  maxQueryLength: {
    name: 'MAX_QUERY_LENGTH',
    meaning: 'Characters that a query may have; its variables do not count.',
    default: '250000',
    example: '50000',
    check: wholeNumber(100, 10_000_000),
  },
  maxListLength: {
    name: 'MAX_LIST_LENGTH',
    meaning: 'Items that any one list in the input may have.',
    default: '10000',
    example: '1000',
    check: wholeNumber(1, 1_000_000),
  },
  maxPageSize: {
    name: 'MAX_PAGE_SIZE',
    meaning:
      'The largest page that may be asked for (first, or limit over REST). At least 50, the default page size.',
    default: '200',
    example: '100',
    check: wholeNumber(50, 10_000),
  },
  maxResponseBytes: {
    name: 'MAX_RESPONSE_BYTES',
    meaning:
      'Bytes of states, large parameters and other stored JSON that a response may have; a request for more is refused before they are read.',
    default: '16000000',
    example: '50000000',
    check: wholeNumber(1_000_000, 1_000_000_000),
  },
  requestTimeoutSeconds: {
    name: 'REQUEST_TIMEOUT_SECONDS',
    meaning:
      'Seconds that a query, a mutation or a REST call may take. What it has not committed by then is rolled back. Subscriptions have no time limit.',
    default: '30',
    example: '60',
    check: wholeNumber(1, 3600),
  },
  leaseSeconds: {
    name: 'LEASE_SECONDS',
    meaning: 'Seconds that a concurrency slot is kept without a renewal, where its deployment does not say.',
    default: '300',
    example: '600',
    check: wholeNumber(60, day),
  },
  slotWaitSeconds: {
    name: 'SLOT_WAIT_SECONDS',
    meaning: 'Seconds after which a run that found no free concurrency slot is told to try again.',
    default: '30',
    example: '10',
    check: wholeNumber(0, day),
  },
  expiredLeases: {
    name: 'EXPIRED_LEASES',
    meaning:
      'Whether a background service frees the slots of concurrency leases that ended without a renewal: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  cancellingTimeout: {
    name: 'CANCELLING_TIMEOUT',
    meaning: 'Whether a background service cancels runs that have been CANCELLING for too long: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  cancellingTimeoutSeconds: {
    name: 'CANCELLING_TIMEOUT_SECONDS',
    meaning: 'Seconds after which a run has been CANCELLING for too long.',
    default: '300',
    example: '600',
    check: wholeNumber(1, 30 * day),
  },
  cancellationCleanup: {
    name: 'CANCELLATION_CLEANUP',
    meaning: 'Whether a background service cancels the unfinished subflows of cancelled runs: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  expiredPauses: {
    name: 'EXPIRED_PAUSES',
    meaning: 'Whether a background service fails PAUSED runs whose pause timeout has passed: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  lateRuns: {
    name: 'LATE_RUNS',
    meaning: 'Whether a background service marks overdue SCHEDULED runs as Late: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  lateRunsAfterSeconds: {
    name: 'LATE_RUNS_AFTER_SECONDS',
    meaning: 'Seconds after its scheduled time from which a SCHEDULED run is Late.',
    default: '15',
    example: '60',
    check: wholeNumber(0, 30 * day),
  },
  backgroundSeconds: {
    name: 'BACKGROUND_SECONDS',
    meaning: 'Seconds that background services pause after each round. Each runs in one process at a time.',
    default: '15',
    example: '60',
    check: wholeNumber(1, day),
  },
  operationBatchSize: {
    name: 'OPERATION_BATCH_SIZE',
    meaning: 'Runs of a bulk operation that one transaction decides at most.',
    default: '1000',
    example: '250',
    check: wholeNumber(1, 2000),
  },
  operationPlanSeconds: {
    name: 'OPERATION_PLAN_SECONDS',
    meaning: 'Seconds after which a plan of a bulk operation that nobody started expires.',
    default: '900',
    example: '3600',
    check: wholeNumber(1, 30 * day),
  },
  operationRetryWaitSeconds: {
    name: 'OPERATION_RETRY_WAIT_SECONDS',
    meaning:
      'Seconds from the start of a bulk operation with retryWaits in which runs that are told to wait are tried again.',
    default: '3600',
    example: '600',
    check: wholeNumber(0, 30 * day),
  },
  operationRetentionDays: {
    name: 'OPERATION_RETENTION_DAYS',
    meaning:
      'Days after which a bulk operation that has ended is deleted with its items by a background service; 0: never.',
    default: '90',
    example: '365',
    check: wholeNumber(0, 36_500),
  },
  shutdownSeconds: {
    name: 'SHUTDOWN_SECONDS',
    meaning: 'Seconds that requests and batches in hand may still take when the process is told to stop.',
    default: '10',
    example: '30',
    check: wholeNumber(0, 3600),
  },
} as const satisfies Readonly<Record<string, Setting>>;
