import { AddressError, parseServerAddress, type ServerAddress } from './serverAddress';

/** Where a Redis server is, and how to connect to it. */
export interface RedisAddress extends Pick<ServerAddress, 'host' | 'port' | 'user' | 'password'> {
  /** The number of the database on it. */
  database: number;
  tls: boolean;
}

const defaultPort = 6379;
const redisShape = 'must be redis://user:password@host:port/number or rediss://…';

/**
 * Reads where a Redis server is: `redis://user:password@host:port/number`, or `rediss://…` for TLS.
 *
 * @throws AddressError that says what is wrong, and repeats nothing of the text.
 */
export function parseRedisAddress(text: string): RedisAddress {
  if (!/^rediss?:\/\/./.test(text)) throw new AddressError(redisShape);
  const { scheme, host, port, user, password, path, parameters } = parseServerAddress(text, defaultPort);
  if (!/^\d{0,5}$/.test(path))
    throw new AddressError('must end in the number of the database, or in nothing');
  if (parameters.size > 0) throw new AddressError('has a parameter; remove it, for it would have no effect');
  return { host, port, user, password, database: Number(path), tls: scheme === 'rediss' };
}
