import { Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress } from '../config/redisAddress';
import { settleWithin } from '../platform/settleWithin';

/** The settings of all connections to Redis. */
export interface RedisSettings {
  /** `redis://user:password@host:port/number`, or `rediss://…` for TLS. */
  url: string;
  /** The prefix of all keys and channels, so that several installations can share a server. */
  prefix: string;
}

const maxPauseMilliseconds = 1000;

/** The ioredis options for the address of a server. */
function addressOptions(url: string): RedisOptions {
  const { host, port, user, password, database, tls } = parseRedisAddress(url);
  return { host, port, username: user, password, db: database, ...(tls && { tls: {} }) };
}

/** The time limit to close a connection, in milliseconds: a server that hangs must not delay the shutdown. */
export const closingMilliseconds = 500;

/** The options of all connections: a lost connection is retried without end, soon at first, then once a second. */
export const keepTrying = {
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, maxPauseMilliseconds),
  connectTimeout: 5000,
  keepAlive: 10_000,
  // Also where the server has closed the connection before: until then, ioredis's timer holds up the end of the process.
  disconnectTimeout: closingMilliseconds,
} satisfies RedisOptions;

/** The time after which a server that does not reply to a command is considered lost, in milliseconds. */
const silentMilliseconds = 5000;

type OnError = (error: Error & { code?: string }) => void;

function connect(url: string, options: RedisOptions, onError: OnError): Redis {
  const redis = new Redis({ ...addressOptions(url), ...keepTrying, ...options });
  redis.on('error', onError);
  return redis;
}

/** Opens a connection whose commands succeed or fail at once. None waits for an unavailable server. */
export const connectForNow = ({ url }: RedisSettings, onError: OnError): Redis =>
  connect(
    url,
    {
      socketTimeout: silentMilliseconds,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
    },
    onError,
  );

/** Opens a connection whose commands wait for a lost server, as BullMQ requires. */
export const connectForLong = ({ url }: RedisSettings, onError: OnError): Redis =>
  connect(url, { maxRetriesPerRequest: null }, onError);

/** Whether a connection can be used now. */
export const isReady = ({ status }: Redis): boolean => status === 'ready';

/** Closes a connection after its pending commands. */
export async function disconnect(redis: Redis): Promise<void> {
  if (isReady(redis)) await settleWithin(closingMilliseconds, redis.quit());
  redis.disconnect();
}
