import type { Server } from 'node:http';
import { type Config, ConfigurationError } from '../../config/config';

/** The address on which a server listens. */
export type Address = Pick<Config, 'host' | 'port'>;

/** Why an address cannot be listened on, by the error code of the system; null for other errors. */
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
 * Starts to listen.
 *
 * @returns the address, with the port of the system if the setting is 0.
 * @throws ConfigurationError if the address cannot be used.
 */
export const listenOn = (httpServer: Server, { host, port }: Address): Promise<Address> =>
  new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const why = whyNotAt({ host, port }, error);
      reject(why === null ? error : new ConfigurationError([why]));
    };
    httpServer.once('error', fail);
    httpServer.listen(port, host, () => {
      httpServer.off('error', fail);
      const address = httpServer.address();
      resolve({ host, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
