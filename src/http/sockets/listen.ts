import type { Server } from 'node:http';
import { type Config, ConfigurationError } from '../../config/config';

/** The address on which a server listens. */
export type Address = Pick<Config, 'host' | 'port'>;

/** What to listen on, and what is known of others that listen there. */
type ListenSettings = Address & Partial<Pick<Config, 'prefectApiUrl'>>;

const thisMachine = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether the Prefect server of the settings listens on a port of this machine. */
function isPortOfPrefect(port: number, apiUrl: string | undefined): boolean {
  if (apiUrl === undefined) return false;
  const url = new URL(apiUrl);
  return thisMachine.includes(url.hostname) && Number(url.port) === port;
}

/** Why an address cannot be listened on, by the error code of the system; null for other errors. */
function whyNotAt(
  { host, port, prefectApiUrl }: ListenSettings,
  { code }: NodeJS.ErrnoException,
): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return isPortOfPrefect(port, prefectApiUrl)
        ? `PORT ${port} is taken by the Prefect server of PREFECT_API_URL. Choose another port with PORT or --port. Example: PORT=4300`
        : `PORT ${port} is taken: another process listens there. Stop it, or choose another port with PORT or --port. Example: PORT=8080`;
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
export const listenOn = (httpServer: Server, settings: ListenSettings): Promise<Address> =>
  new Promise((resolve, reject) => {
    const { host, port } = settings;
    const fail = (error: NodeJS.ErrnoException) => {
      const why = whyNotAt(settings, error);
      reject(why === null ? error : new ConfigurationError([why]));
    };
    httpServer.once('error', fail);
    httpServer.listen(port, host, () => {
      httpServer.off('error', fail);
      const address = httpServer.address();
      resolve({ host, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
