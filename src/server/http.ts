import type { Server } from 'node:http';

/** A server, and how to stop it. */
export interface RunningServer {
  /** Listens, and answers the address. */
  listen(): Promise<{ host: string; port: number }>;
  /** Takes no new requests, waits for those in hand, at most so many seconds, and closes. */
  close(graceSeconds: number): Promise<void>;
}

/** Lets a server listen, and answers its address. */
export const listenOn = (
  httpServer: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ host: string; port: number }> =>
  new Promise((resolve, reject) => {
    httpServer.once('error', reject);
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
