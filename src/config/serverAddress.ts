import { isIPv6 } from 'node:net';

/** Where a server is, and who connects to it: what a URL says, decoded. */
export interface ServerAddress {
  scheme: string;
  /** A name or an address; an IPv6 address without its brackets. */
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  /** What follows the host, decoded, without the first `/`; empty where nothing does. */
  path: string;
  /** The parameters behind the `?`, by name. */
  parameters: ReadonlyMap<string, string>;
}

/** A text is no address. The message repeats nothing of it, for any part of it may be a part of a password. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

const encodeHint =
  'In a user name, password or database name, write @ as %40, / as %2F, ? as %3F, # as %23, : as %3A and % as %25';

const shape =
  /^([a-z]+):\/\/(?:([^@/?#]*)@)?(\[[^\]@/?#]*\]|[^:@/?#[\]]*)(?::([^:@/?#]*))?(?:\/([^@/?#]*))?(?:\?([^@?#]*))?$/;
// Control characters and spaces never belong into an address.
const unprintable = /[\p{Cc}\s]/u;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError(`has a % that two hexadecimal digits do not follow. ${encodeHint}`);
  }
}

function hostOf(text: string): string {
  if (!text.startsWith('[')) {
    const name = decode(text);
    if (/^[\w.-]+$/.test(name)) return name;
    throw new AddressError(`has no valid host. ${encodeHint}`);
  }
  const address = decode(text.slice(1, -1));
  if (isIPv6(address)) return address;
  throw new AddressError('has brackets around what is no IPv6 address');
}

function portOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new AddressError(`has no port from 1 to 65535 behind its host. ${encodeHint}`);
}

function parametersOf(text: string | undefined): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of text?.split('&') ?? []) {
    const [name = '', value = '', ...more] = part.split('=');
    if (more.length > 0 || parameters.has(name)) throw new AddressError('has a parameter twice');
    parameters.set(decode(name), decode(value));
  }
  return parameters;
}

/**
 * Reads `scheme://user:password@host:port/path?name=value`. A character that has a meaning in a URL and stands in a user
 * name, password or path must be percent-encoded: such a text could be read in two ways, so it is no address.
 *
 * @throws AddressError that says what is wrong, and repeats nothing of the text.
 */
export function parseServerAddress(text: string, defaultPort: number): ServerAddress {
  const [, scheme = '', userInfo, host = '', port, path = '', query] = shape.exec(text) ?? [];
  if (scheme === '') throw new AddressError(`cannot be read without doubt. ${encodeHint}`);
  if (unprintable.test(text)) throw new AddressError('has a space or a control character in it');
  const [user, ...password] = userInfo?.split(':') ?? [];
  const address = {
    scheme,
    host: hostOf(host),
    port: portOf(port, defaultPort),
    user: user === undefined || user === '' ? undefined : decode(user),
    password: password.length === 0 ? undefined : decode(password.join(':')),
    path: decode(path),
    parameters: parametersOf(query),
  };
  return address;
}

/** The host and port of a server as a log shows them. */
export const hostText = ({ host, port }: Pick<ServerAddress, 'host' | 'port'>): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;
