import type { Server } from 'node:http';
import { type Config, ConfigurationError } from '../config';

/** A server, and how to stop it. */
export interface RunningServer {
  /** Listens, and answers the address. */
  listen(): Promise<{ host: string; port: number }>;
  /** Takes no new requests, waits for those in hand, at most so many seconds, and closes. */
  close(graceSeconds: number): Promise<void>;
}

type Address = Pick<Config, 'host' | 'port'>;

/** Why nobody can listen at an address, by what the system says; null where it is for another reason. */
function whyNotAt({ host, port }: Address, { code }: NodeJS.ErrnoException): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is taken: another process listens there. Stop it, or choose another port. Example: PORT=8080`;
    case 'EACCES':
      return `PORT ${port} may not be listened on by this user. Example: PORT=8080`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is no address of this machine. Example: HOST=127.0.0.1`;
    case undefined:
    default:
      return null;
  }
}

/**
 * Lets a server listen, and answers its address.
 *
 * @throws ConfigurationError where the address cannot be had.
 */
export const listenOn = (
  httpServer: Server,
  { host, port }: Address,
): Promise<{ host: string; port: number }> =>
  new Promise((resolve, reject) => {
    httpServer.once('error', error => {
      const why = whyNotAt({ host, port }, error);
      reject(why === null ? error : new ConfigurationError([why]));
    });
    httpServer.listen(port, host, () => {
      const address = httpServer.address();
      resolve({ host, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });

/** Lets a server take no new requests, and closes it once those in hand are answered, at most so many seconds later. */
export async function closeWithin(httpServer: Server, graceSeconds: number): Promise<void> {
  const closed = new Promise<void>(resolve => httpServer.close(() => resolve()));
  httpServer.closeIdleConnections();
  const timer = setTimeout(() => httpServer.closeAllConnections(), graceSeconds * 1000);
  await closed;
  clearTimeout(timer);
}
