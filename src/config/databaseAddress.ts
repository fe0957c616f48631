import { isIP } from 'node:net';
import { AddressError, hostText, parseServerAddress } from './serverAddress';

/** How a connection to a database server is encrypted, with the names that MySQL's own clients use. */
const tlsModes = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;

/**
 * The encryption of a connection:
 * - `DISABLED`: plain text.
 * - `PREFERRED`: TLS if the server supports it, else plain text.
 * - `REQUIRED`: TLS with any server certificate.
 * - `VERIFY_CA`: TLS with a certificate from a trusted authority.
 * - `VERIFY_IDENTITY`: as `VERIFY_CA`, and the certificate must name the host.
 */
export type TlsMode = (typeof tlsModes)[number];

/** A database on a server, and how to connect to it. */
export interface DatabaseServerAddress {
  kind: 'mysql' | 'mariadb';
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  database: string;
  tlsMode: TlsMode;
}

/** The address of a database. */
export type DatabaseAddress = { kind: 'embedded'; path: string } | DatabaseServerAddress;

const defaultPort = 3306;
const maxDatabaseName = 64;

const tlsModeOf = (text: string | undefined): TlsMode => {
  if (text === undefined) return 'DISABLED';
  const mode = tlsModes.find(candidate => candidate === text.toUpperCase());
  if (mode === undefined) throw new AddressError(`has an ssl-mode that is none of ${tlsModes.join(', ')}`);
  return mode;
};

function parseDatabaseServer(text: string, kind: DatabaseServerAddress['kind']): DatabaseServerAddress {
  const { host, port, user, password, path, parameters } = parseServerAddress(text, defaultPort);
  if (path === '') throw new AddressError('must end in the name of the database: …/name');
  if (path.length > maxDatabaseName)
    throw new AddressError(`has a database name longer than ${maxDatabaseName} characters`);
  const { 'ssl-mode': tlsMode, ...others } = Object.fromEntries(parameters);
  if (Object.keys(others).length > 0)
    throw new AddressError('has a parameter other than ssl-mode; remove it, because it has no effect');
  const address: DatabaseServerAddress = {
    kind,
    host,
    port,
    user,
    password,
    database: path,
    tlsMode: tlsModeOf(tlsMode),
  };
  // Node.js compares a certificate with a host name only.
  if (address.tlsMode === 'VERIFY_IDENTITY' && isIP(host) !== 0)
    throw new AddressError('must name its host instead of its IP address for ssl-mode=VERIFY_IDENTITY');
  return address;
}

/**
 * Parses `file:PATH`, `mysql://user:password@host:port/name?ssl-mode=MODE` or `mariadb://…`.
 *
 * @throws AddressError, which never repeats the text.
 */
export function parseDatabaseAddress(text: string): DatabaseAddress {
  if (text.startsWith('file:') && text.length > 'file:'.length)
    return { kind: 'embedded', path: text.slice('file:'.length) };
  if (text.startsWith('mysql://')) return parseDatabaseServer(text, 'mysql');
  if (text.startsWith('mariadb://')) return parseDatabaseServer(text, 'mariadb');
  throw new AddressError('must be file:PATH, mysql://user:password@host:port/name or mariadb://…');
}

/** The address for log lines, without user and password. */
export const databaseAddressText = (address: DatabaseAddress): string =>
  address.kind === 'embedded' ? `file:${address.path}` : hostText(address);

/** The name of the database. All processes that use it derive the names of their shared keys from it. */
export const databaseNameOf = (address: DatabaseAddress): string =>
  address.kind === 'embedded' ? 'embedded' : address.database;
