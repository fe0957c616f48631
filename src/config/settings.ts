import { z } from 'zod';
import {
  apiKeys,
  apiUrl,
  databaseUrl,
  filePath,
  onOrOff,
  origins,
  redisUrl,
  serverUrls,
  webUrl,
  wholeNumber,
} from './checks';

/** A setting: its environment variable, its meaning, and how it is parsed. */
export interface Setting {
  readonly name: string;
  readonly meaning: string;
  /** The text that applies if the variable is absent or empty; null for no value. */
  readonly default: string | null;
  readonly example: string;
  /** Messages never repeat the value. */
  readonly secret?: true;
  readonly check: z.ZodType<unknown, string | undefined>;
}

const optionalText = z.string().optional();
const day = 86_400;

/** All settings, by their names in the code. */
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
  databasePassword: {
    name: 'DATABASE_PASSWORD',
    meaning:
      'The password for DATABASE_URL and DATABASE_REPLICA_URLS if the URLs have none. It is written as it is, without percent-encoding.',
    default: null,
    example: 'p@ss/w#rd',
    secret: true,
    check: optionalText,
  },
  databaseReplicaUrls: {
    name: 'DATABASE_REPLICA_URLS',
    meaning:
      'Replicas of a MySQL or MariaDB server, separated by commas. Lists and counts are read from them in turn, and from DATABASE_URL if no replica responds. Reads that decide transitions always use DATABASE_URL.',
    default: '',
    example: 'mysql://switchyard:secret@replica:3306/switchyard',
    secret: true,
    check: serverUrls,
  },
  databasePoolSize: {
    name: 'DATABASE_POOL_SIZE',
    meaning:
      'Maximum number of connections to a database server, at least 2. The embedded database has connections of its own.',
    default: '10',
    example: '20',
    check: wholeNumber(2, 1000),
  },
  databaseStatementSeconds: {
    name: 'DATABASE_STATEMENT_SECONDS',
    meaning:
      'Time limit of one statement on a database server, in seconds; 0 for no limit. Migrations have no limit.',
    default: '30',
    example: '60',
    check: wholeNumber(0, 3600),
  },
  databaseCa: {
    name: 'DATABASE_CA',
    meaning:
      'A PEM file with the certificate authorities to trust for ssl-mode=VERIFY_CA and VERIFY_IDENTITY in DATABASE_URL. By default those that Node.js trusts.',
    default: null,
    example: '/etc/switchyard/ca.pem',
    check: filePath.optional(),
  },
  databaseClientCertificate: {
    name: 'DATABASE_CLIENT_CERTIFICATE',
    meaning: 'A PEM file with the client certificate for the database server.',
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
      'A Redis server (7 or newer) that several processes share to wake workers and to deliver changes to subscriptions. It stores no data that could be lost.',
    default: null,
    example: 'redis://:secret@127.0.0.1:6379',
    secret: true,
    check: redisUrl.optional(),
  },
  redisPassword: {
    name: 'REDIS_PASSWORD',
    meaning:
      'The password for REDIS_URL if the URL has none. It is written as it is, without percent-encoding.',
    default: null,
    example: 'p@ss/w#rd',
    secret: true,
    check: optionalText,
  },
  prefectApiUrl: {
    name: 'PREFECT_API_URL',
    meaning:
      'The address of the API of a Prefect server (3.7 or newer) to attach to: its runs are mirrored here, and transitions are carried out there. Without it the gateway has runs of its own.',
    default: null,
    example: 'http://prefect:4200/api',
    secret: true,
    check: apiUrl.optional(),
  },
  prefectApiKey: {
    name: 'PREFECT_API_KEY',
    meaning:
      'The API key for PREFECT_API_URL, sent as a bearer token. At most one of this and PREFECT_API_AUTH_STRING.',
    default: null,
    example: 'pnu_0123456789abcdef',
    secret: true,
    check: optionalText,
  },
  prefectApiAuthString: {
    name: 'PREFECT_API_AUTH_STRING',
    meaning: 'The user and password for PREFECT_API_URL, joined by a colon (basic authentication).',
    default: null,
    example: 'admin:secret',
    secret: true,
    check: optionalText,
  },
  upstreamInFlight: {
    name: 'UPSTREAM_IN_FLIGHT',
    meaning:
      'Maximum number of requests to PREFECT_API_URL in progress at once. More than 4 hardly make it faster, because one process of a Prefect server uses one processor.',
    default: '4',
    example: '2',
    check: wholeNumber(1, 8),
  },
  upstreamTimeoutSeconds: {
    name: 'UPSTREAM_TIMEOUT_SECONDS',
    meaning:
      'Time limit of a request to PREFECT_API_URL, in seconds. A server on SQLite may wait 60 seconds for a lock.',
    default: '90',
    example: '120',
    check: wholeNumber(1, 3600),
  },
  upstreamSweepSeconds: {
    name: 'UPSTREAM_SWEEP_SECONDS',
    meaning: 'Seconds between two searches for changes in PREFECT_API_URL that it sends no event for.',
    default: '30',
    example: '60',
    check: wholeNumber(1, day),
  },
  upstreamWalkHours: {
    name: 'UPSTREAM_WALK_HOURS',
    meaning: 'Hours between two comparisons of all runs with PREFECT_API_URL.',
    default: '6',
    example: '24',
    check: wholeNumber(1, 720),
  },
  upstreamRequestsPerMinute: {
    name: 'UPSTREAM_REQUESTS_PER_MINUTE',
    meaning: 'Maximum number of requests to PREFECT_API_URL in a minute. By default there is no limit.',
    default: null,
    example: '600',
    check: wholeNumber(1, 1_000_000).optional(),
  },
  migrate: {
    name: 'MIGRATE',
    meaning: 'Whether the process migrates the database when it starts: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  port: {
    name: 'PORT',
    meaning: 'The port to listen on; 0 for any free port.',
    default: '4200',
    example: '8080',
    check: wholeNumber(0, 65_535),
  },
  host: {
    name: 'HOST',
    meaning:
      'The address to listen on. An address that other machines can reach requires API_KEYS or JWKS_URL.',
    default: '127.0.0.1',
    example: '0.0.0.0',
    check: z.string().regex(/^[\w.:-]+$/, 'must be an address or a name, without a port'),
  },
  apiKeys: {
    name: 'API_KEYS',
    meaning:
      'API keys, separated by commas: name:scope+scope:digest. The scopes are read, write, force, operate and admin (all scopes); the digest is the SHA-256 of the key.',
    default: '',
    example: `ops:read+write:${'0123456789abcdef'.repeat(4)}`,
    secret: true,
    check: apiKeys,
  },
  jwksUrl: {
    name: 'JWKS_URL',
    meaning:
      'The URL of the key set (JWKS) of the issuer of JSON Web Tokens. The scopes of a token are in its claims scope, scopes, scp and roles, together.',
    default: null,
    example: 'https://login.example.com/.well-known/jwks.json',
    secret: true,
    check: webUrl.optional(),
  },
  jwtIssuer: {
    name: 'JWT_ISSUER',
    meaning: 'The issuer (iss) that a token must have.',
    default: null,
    example: 'https://login.example.com/',
    check: optionalText,
  },
  jwtAudience: {
    name: 'JWT_AUDIENCE',
    meaning: 'The audience (aud) that a token must have.',
    default: null,
    example: 'switchyard',
    check: optionalText,
  },
  allowedOrigins: {
    name: 'ALLOWED_ORIGINS',
    meaning:
      'Origins of web pages that may send requests and open WebSockets besides those of this gateway, separated by commas (CORS). Add the public origin if a proxy in front changes the Host header.',
    default: '',
    example: 'https://ops.example.com,http://localhost:5173',
    check: origins,
  },
  logLevel: {
    name: 'LOG_LEVEL',
    meaning: 'The lowest level that is logged: trace, debug, info, warn, error, fatal or silent.',
    default: 'info',
    example: 'debug',
    check: z.enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    ),
  },
  introspection: {
    name: 'INTROSPECTION',
    meaning: 'Whether clients may query the schema (introspection): on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  trustedDocuments: {
    name: 'TRUSTED_DOCUMENTS',
    meaning:
      'A file with the documents that clients may send by their hashes (persisted operations): a JSON object of documents by hash, as graphql-codegen and relay-compiler write it. It is read once, at the start.',
    default: null,
    example: '/etc/switchyard/persisted-documents.json',
    check: filePath.optional(),
  },
  trustedDocumentsOnly: {
    name: 'TRUSTED_DOCUMENTS_ONLY',
    meaning:
      'Whether all GraphQL documents except those in TRUSTED_DOCUMENTS are rejected: on or off. The console, the command line and GraphiQL send their own documents, and do not work then.',
    default: 'off',
    example: 'on',
    check: onOrOff,
  },
  console: {
    name: 'CONSOLE',
    meaning:
      'Whether browsers receive the console at /console, and are redirected to it at /: on or off. The page is public; its data needs a key like all data.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  graphiql: {
    name: 'GRAPHIQL',
    meaning: 'Whether browsers receive the GraphiQL page at /graphql: on or off.',
    default: 'on',
    example: 'off',
    check: onOrOff,
  },
  maxBodyBytes: {
    name: 'MAX_BODY_BYTES',
    meaning: 'Maximum size of a request body, in bytes.',
    default: '2000000',
    example: '500000',
    check: wholeNumber(1000, 1_000_000_000),
  },
  maxBodyBytesInFlight: {
    name: 'MAX_BODY_BYTES_IN_FLIGHT',
    meaning:
      'Maximum total size of the bodies of all requests in progress, in bytes; further requests receive 503. At least MAX_BODY_BYTES.',
    default: '128000000',
    example: '512000000',
    check: wholeNumber(1000, 100_000_000_000),
  },
  maxConnections: {
    name: 'MAX_CONNECTIONS',
    meaning:
      'Maximum number of client connections, WebSockets included. At the limit, a new connection replaces one without a request in progress; if there is none, it receives 503. The system must allow as many open files.',
    default: '5000',
    example: '20000',
    check: wholeNumber(1, 1_000_000),
  },
  headerTimeoutSeconds: {
    name: 'HEADER_TIMEOUT_SECONDS',
    meaning:
      'Time limit for the headers of a request to arrive, in seconds, from the opening of the connection or from the first byte. At most RECEIVE_TIMEOUT_SECONDS.',
    default: '10',
    example: '5',
    check: wholeNumber(1, 3600),
  },
  receiveTimeoutSeconds: {
    name: 'RECEIVE_TIMEOUT_SECONDS',
    meaning: 'Time limit for a whole request to arrive, body included, in seconds.',
    default: '30',
    example: '120',
    check: wholeNumber(1, 3600),
  },
  sendTimeoutSeconds: {
    name: 'SEND_TIMEOUT_SECONDS',
    meaning:
      'Seconds after which the connection is closed if the client reads nothing of a response or does not respond to a WebSocket ping. A stream without events is not affected.',
    default: '30',
    example: '60',
    check: wholeNumber(1, 3600),
  },
  keepAliveSeconds: {
    name: 'KEEP_ALIVE_SECONDS',
    meaning:
      'Seconds that an idle connection stays open between two requests. Set it higher than the idle time of a load balancer in front (often 60), which would otherwise use connections that are being closed.',
    default: '75',
    example: '620',
    check: wholeNumber(1, 86_400),
  },
  maxSocketsPerCaller: {
    name: 'MAX_SOCKETS_PER_CALLER',
    meaning:
      'Maximum number of open WebSockets per caller: the holder of a key or token, or the client address if authentication is off.',
    default: '2000',
    example: '100',
    check: wholeNumber(1, 1_000_000),
  },
  maxSubscriptionsPerCaller: {
    name: 'MAX_SUBSCRIPTIONS_PER_CALLER',
    meaning:
      'Maximum number of open subscriptions per caller, over WebSockets and server-sent events together.',
    default: '2000',
    example: '100',
    check: wholeNumber(1, 1_000_000),
  },
  maxSubscriptionsPerSocket: {
    name: 'MAX_SUBSCRIPTIONS_PER_SOCKET',
    meaning: 'Maximum number of subscriptions, queries and mutations in progress on one WebSocket.',
    default: '200',
    example: '20',
    check: wholeNumber(1, 1_000_000),
  },
  maxUnsentBytes: {
    name: 'MAX_UNSENT_BYTES',
    meaning:
      'Maximum number of bytes that wait to be sent on one WebSocket; it is closed if the client reads too slowly.',
    default: '16000000',
    example: '4000000',
    check: wholeNumber(1000, 1_000_000_000),
  },
  socketInitSeconds: {
    name: 'SOCKET_INIT_SECONDS',
    meaning: 'Time limit for connection_init on a WebSocket, in seconds.',
    default: '5',
    example: '10',
    check: wholeNumber(1, 3600),
  },
  maxDepth: {
    name: 'MAX_DEPTH',
    meaning: 'Maximum nesting depth of the fields of a query.',
    default: '12',
    example: '8',
    check: wholeNumber(1, 1000),
  },
  maxCost: {
    name: 'MAX_COST',
    meaning:
      'Maximum cost of a query: 1 for each field, multiplied by the size of each list around it (its page size, or its maximum length); 10,000 for each count of runs or of values in use, 4,000 for each list of runs, 100 for a list of flows or deployments and for the items or a count of an operation.',
    default: '200000',
    example: '50000',
    check: wholeNumber(1, 1_000_000_000),
  },
  maxAliases: {
    name: 'MAX_ALIASES',
    meaning: 'Maximum number of aliases in a query.',
    default: '50',
    example: '10',
    check: wholeNumber(0, 100_000),
  },
  maxTokens: {
    name: 'MAX_TOKENS',
    meaning: 'Maximum number of tokens (names, values, punctuators) in a query, without its variables.',
    default: '20000',
    example: '2000',
    check: wholeNumber(10, 10_000_000),
  },
  maxQueryLength: {
    name: 'MAX_QUERY_LENGTH',
    meaning: 'Maximum length of a query in characters, without its variables.',
    default: '250000',
    example: '50000',
    check: wholeNumber(100, 10_000_000),
  },
  maxListLength: {
    name: 'MAX_LIST_LENGTH',
    meaning: 'Maximum number of items in one list of the input.',
    default: '10000',
    example: '1000',
    check: wholeNumber(1, 1_000_000),
  },
  maxPageSize: {
    name: 'MAX_PAGE_SIZE',
    meaning: 'Maximum page size (first, or limit over REST). At least 50, the default page size.',
    default: '200',
    example: '100',
    check: wholeNumber(50, 10_000),
  },
  maxResponseBytes: {
    name: 'MAX_RESPONSE_BYTES',
    meaning:
      'Maximum size of the states, large parameters and other stored JSON in a response, in bytes; a request for more is rejected before they are read.',
    default: '16000000',
    example: '50000000',
    check: wholeNumber(1_000_000, 1_000_000_000),
  },
  requestTimeoutSeconds: {
    name: 'REQUEST_TIMEOUT_SECONDS',
    meaning:
      'Time limit of a query, a mutation or a REST call, in seconds. What it has not committed by then is rolled back. Subscriptions have no time limit.',
    default: '30',
    example: '60',
    check: wholeNumber(1, 3600),
  },
  leaseSeconds: {
    name: 'LEASE_SECONDS',
    meaning:
      'Duration of a concurrency lease without a renewal, in seconds, if its deployment does not set it.',
    default: '300',
    example: '600',
    check: wholeNumber(60, day),
  },
  slotWaitSeconds: {
    name: 'SLOT_WAIT_SECONDS',
    meaning: 'Seconds that a run waits before it tries again to get a concurrency slot.',
    default: '30',
    example: '10',
    check: wholeNumber(0, day),
  },
  expiredLeases: {
    name: 'EXPIRED_LEASES',
    meaning: 'Whether a background service frees the slots of expired concurrency leases: on or off.',
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
    meaning: 'Seconds after which a CANCELLING run is cancelled by CANCELLING_TIMEOUT.',
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
    meaning: 'Seconds after its scheduled time at which a SCHEDULED run becomes Late.',
    default: '15',
    example: '60',
    check: wholeNumber(0, 30 * day),
  },
  backgroundSeconds: {
    name: 'BACKGROUND_SECONDS',
    meaning:
      'Seconds between two rounds of the background services. Each service runs in one process at a time.',
    default: '15',
    example: '60',
    check: wholeNumber(1, day),
  },
  operationBatchSize: {
    name: 'OPERATION_BATCH_SIZE',
    meaning: 'Maximum number of runs of a bulk operation that one transaction decides.',
    default: '1000',
    example: '250',
    check: wholeNumber(1, 2000),
  },
  operationPlanSeconds: {
    name: 'OPERATION_PLAN_SECONDS',
    meaning: 'Seconds after which the plan of a bulk operation expires unless it is started.',
    default: '900',
    example: '3600',
    check: wholeNumber(1, 30 * day),
  },
  operationRetryWaitSeconds: {
    name: 'OPERATION_RETRY_WAIT_SECONDS',
    meaning:
      'Seconds after its start for which a bulk operation with retryWaits retries runs with the verdict WAIT.',
    default: '3600',
    example: '600',
    check: wholeNumber(0, 30 * day),
  },
  operationRetentionDays: {
    name: 'OPERATION_RETENTION_DAYS',
    meaning:
      'Days after which a background service deletes a bulk operation that has ended, with its items; 0 for never.',
    default: '90',
    example: '365',
    check: wholeNumber(0, 36_500),
  },
  shutdownSeconds: {
    name: 'SHUTDOWN_SECONDS',
    meaning: 'Seconds that requests and batches in progress may still take when the process stops.',
    default: '10',
    example: '30',
    check: wholeNumber(0, 3600),
  },
} as const satisfies Readonly<Record<string, Setting>>;
