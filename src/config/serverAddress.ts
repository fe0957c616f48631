import { isIPv6 } from 'node:net';

/** The address of a server and the credentials to connect with, decoded from a URL. */
export interface ServerAddress {
  scheme: string;
  /** A host name or an IP address; an IPv6 address has no brackets. */
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  /** The decoded path without its first `/`; empty if there is none. */
  path: string;
  /** The query parameters by name. */
  parameters: ReadonlyMap<string, string>;
}

/** A text is not a valid address. The message never repeats the text: any part of it may belong to a password. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

const encodeHint =
  'In a user name, password or database name, write @ as %40, / as %2F, ? as %3F, # as %23, : as %3A and % as %25';

const shape =
  /^([a-z]+):\/\/(?:([^@/?#]*)@)?(\[[^\]@/?#]*\]|[^:@/?#[\]]*)(?::([^:@/?#]*))?(?:\/([^@/?#]*))?(?:\?([^@?#]*))?$/;
// Control characters and white space are never valid in an address.
const unprintable = /[\p{Cc}\s]/u;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError(`has a % without two hexadecimal digits after it. ${encodeHint}`);
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
  throw new AddressError('has brackets around a text that is not an IPv6 address');
}

function portOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new AddressError(`must have a port from 1 to 65535 after its host. ${encodeHint}`);
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
 * Parses `scheme://user:password@host:port/path?name=value`. Reserved characters in user name, password and path must
 * be percent-encoded; otherwise the text could be read in two ways and is rejected.
 *
 * @throws AddressError, which never repeats the text.
 */
export function parseServerAddress(text: string, defaultPort: number): ServerAddress {
  const [, scheme = '', userInfo, host = '', port, path = '', query] = shape.exec(text) ?? [];
  if (scheme === '') throw new AddressError(`is ambiguous. ${encodeHint}`);
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

/** The host and port of a server, for log lines. */
export const hostText = ({ host, port }: Pick<ServerAddress, 'host' | 'port'>): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;
