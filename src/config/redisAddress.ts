import { AddressError, parseServerAddress, type ServerAddress } from './serverAddress';

/** The address of a Redis server, and how to connect to it. */
interface RedisAddress extends Pick<ServerAddress, 'host' | 'port' | 'user' | 'password'> {
  /** The index of the database on the server. */
  database: number;
  tls: boolean;
}

const defaultPort = 6379;
const redisShape = 'must be redis://user:password@host:port/number or rediss://…';

/**
 * Parses `redis://user:password@host:port/number`, or `rediss://…` for TLS.
 *
 * @throws AddressError, which never repeats the text.
 */
export function parseRedisAddress(text: string): RedisAddress {
  if (!/^rediss?:\/\/./.test(text)) throw new AddressError(redisShape);
  const { scheme, host, port, user, password, path, parameters } = parseServerAddress(text, defaultPort);
  if (!/^\d{0,5}$/.test(path))
    throw new AddressError('must end with the number of the database, or have no path');
  if (parameters.size > 0) throw new AddressError('has a parameter; remove it, because it has no effect');
  return { host, port, user, password, database: Number(path), tls: scheme === 'rediss' };
}
