import { connect as connectSocket, type Socket } from 'node:net';
import { setImmediate as afterInput, setTimeout as pause } from 'node:timers/promises';
import { type Connection, type ConnectionOptions, createConnection, type SslOptions } from 'mysql2';
import type { DatabaseServerAddress, TlsMode } from '../../config/databaseAddress';
import { asDatabaseError, errorKindOf } from './errorKind';
import { checkPacketSize, readMaxPacket } from './packetSize';

/** The certificates for connections with TLS, each the text of a PEM file. */
export interface TlsFiles {
  /** The authorities that a server's certificate may come from; absent: those of Node. */
  ca?: string;
  /** With what this process identifies itself to a server that asks for it. */
  certificate?: string;
  key?: string;
}

/** How connections to a server are opened. */
export interface ServerOptions {
  address: DatabaseServerAddress;
  tlsFiles?: TlsFiles;
  /** The statements that a connection begins with. */
  sessionSettings: string;
}

/** One connection to a server, with the settings of this process. */
export interface ServerConnection {
  /** Sends a statement; the connection ends where the response takes longer. */
  query(sql: string, values: unknown[] | undefined, milliseconds: number): Promise<[unknown, unknown]>;
  /** Whether the server still responds; one that does not within the time is taken for gone. */
  isAlive(milliseconds: number): Promise<boolean>;
  isBroken(): boolean;
  /** What the server calls this connection. */
  readonly threadId: number;
  /** Ends the connection at once; statements that are under way fail. */
  destroy(): void;
}

const connectMilliseconds = 5000;
/** Far below the time after which firewalls forget a silent connection. */
const keepAliveMilliseconds = 30_000;

function sslOptions(mode: TlsMode, { ca, certificate, key }: TlsFiles): SslOptions | undefined {
  const files = { ca, cert: certificate, key };
  switch (mode) {
    case 'DISABLED':
      return undefined;
    case 'PREFERRED':
    case 'REQUIRED':
      return { ...files, rejectUnauthorized: false };
    case 'VERIFY_CA':
      return { ...files, rejectUnauthorized: true, verifyIdentity: false };
    case 'VERIFY_IDENTITY':
      return { ...files, rejectUnauthorized: true, verifyIdentity: true };
  }
}

const connectionLost = (message: string): Error =>
  Object.assign(new Error(message), { code: 'PROTOCOL_CONNECTION_LOST' });

const optionsFor = ({ host, port, user, password, database }: DatabaseServerAddress): ConnectionOptions => ({
  host,
  port,
  user,
  password,
  database,
  charset: 'utf8mb4',
  timezone: 'Z',
  dateStrings: true,
  jsonStrings: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  stringifyObjects: true,
  connectTimeout: connectMilliseconds,
});

function openSocket({ host, port }: DatabaseServerAddress): Socket {
  const socket = connectSocket(port, host);
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMilliseconds);
  return socket;
}

const connected = (connection: Connection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.connect(error => (error ? reject(error) : resolve()));
  });

/** A connection and the socket below it. */
interface Opened {
  connection: Connection;
  socket: Socket;
}

async function open({ address, tlsFiles = {} }: ServerOptions, mode: TlsMode): Promise<Opened> {
  const socket = openSocket(address);
  const connection = createConnection({
    ...optionsFor(address),
    stream: socket,
    ssl: sslOptions(mode, tlsFiles),
  });
  // The sender of a statement receives its error; `isBroken` detects a connection that is lost between two.
  connection.on('error', () => undefined);
  try {
    await connected(connection);
    return { connection, socket };
  } catch (error) {
    socket.destroy();
    throw asDatabaseError(error);
  }
}

async function openAsPreferred(options: ServerOptions): Promise<Opened> {
  try {
    return await open(options, 'PREFERRED');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error;
    return open(options, 'DISABLED');
  }
}

/**
 * Opens a connection, and gives it the settings of a session.
 *
 * @throws an error of the driver; `errorKindOf` says what it means.
 */
export async function openServerConnection(options: ServerOptions): Promise<ServerConnection> {
  const { tlsMode } = options.address;
  const { connection, socket } = await (tlsMode === 'PREFERRED'
    ? openAsPreferred(options)
    : open(options, tlsMode));
  const statements = connection.promise();
  let isBroken = false;
  let maxPacket = Number.POSITIVE_INFINITY;

  const destroy = (): void => {
    isBroken = true;
    // With an error: statements under way must fail, and not wait for ever.
    socket.destroy(connectionLost('the connection was closed'));
  };
  socket.once('close', () => {
    isBroken = true;
  });

  async function query(sql: string, values: unknown[] | undefined, milliseconds: number) {
    checkPacketSize(sql, values, maxPacket);
    try {
      // Without a limit the driver takes no timer.
      const [rows, fields] = await statements.query({ sql, timeout: milliseconds || undefined }, values);
      return [rows, fields] as [unknown, unknown];
    } catch (thrown) {
      const error = asDatabaseError(thrown);
      if (errorKindOf(error) === 'connectionLost') destroy();
      throw error;
    }
  }

  async function isAlive(milliseconds: number): Promise<boolean> {
    const stopped = new AbortController();
    const response = statements.ping().then(
      () => true,
      () => false,
    );
    // A response that arrived while this process was busy is read before the time counts.
    const silence = pause(milliseconds, undefined, { signal: stopped.signal })
      .then(() => afterInput(false))
      .catch(() => false);
    const isInTime = await Promise.race([response, silence]);
    stopped.abort();
    if (!isInTime) destroy();
    return isInTime;
  }

  try {
    await query(options.sessionSettings, undefined, connectMilliseconds);
    maxPacket = await readMaxPacket(sql => query(sql, undefined, connectMilliseconds));
  } catch (error) {
    destroy();
    throw error;
  }
  return { query, isAlive, isBroken: () => isBroken, threadId: connection.threadId, destroy };
}

/**
 * Ends the server's side of a connection that is silent: the server may not know, and would hold its transaction's locks
 * for hours. Where that fails, nothing more can be done.
 */
export async function killConnection(options: ServerOptions, threadId: number): Promise<void> {
  try {
    const killer = await openServerConnection(options);
    try {
      await killer.query(`KILL ${threadId}`, undefined, connectMilliseconds);
    } finally {
      killer.destroy();
    }
  } catch {
    // The server is away, or has ended the connection already.
  }
}
