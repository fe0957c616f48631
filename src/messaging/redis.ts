import { Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress } from '../config/redisAddress';
import { settleWithin } from '../platform/settleWithin';

/** How a connection to Redis is kept. */
export interface RedisSettings {
  /** `redis://user:password@host:port/number`, or `rediss://…` for TLS. */
  url: string;
  /** What begins the name of every key and channel, so that several installations may share a server. */
  prefix: string;
}

const maxPauseMilliseconds = 1000;

/** Where a connection goes. */
export function addressOptions(url: string): RedisOptions {
  const { host, port, user, password, database, tls } = parseRedisAddress(url);
  return { host, port, username: user, password, db: database, ...(tls && { tls: {} }) };
}

/** What all connections have in common: a lost one is tried again without end, soon and then once a second. */
export const keepTrying = {
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, maxPauseMilliseconds),
  connectTimeout: 5000,
  keepAlive: 10_000,
} satisfies RedisOptions;

/** A server that takes a command and says nothing for so long is taken for gone. */
const silentMilliseconds = 5000;

/** A connection whose commands succeed at once or fail at once: none waits for a server that is away. */
export const connectForNow = ({ url }: RedisSettings): Redis =>
  new Redis({
    ...addressOptions(url),
    ...keepTrying,
    socketTimeout: silentMilliseconds,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
  });

/** Whether a connection can be used now. */
export const isReady = ({ status }: Redis): boolean => status === 'ready';

/** What ending a connection may take: a server that hangs must not hold up whoever stops. */
export const closingMilliseconds = 500;

/** Ends a connection after the commands that are on their way; one that is lost has none. */
export async function disconnect(redis: Redis): Promise<void> {
  if (isReady(redis)) await settleWithin(closingMilliseconds, redis.quit());
  redis.disconnect();
}
