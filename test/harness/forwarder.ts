import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port that stands for a server's, and can be cut off from it. */
export interface Forwarder {
  /** The server's address by this port. */
  url: string;
  /** Breaks all connections, and takes no more. */
  cut(): Promise<void>;
}

/** Opens a port whose connections go to a server. */
export async function forwardTo(serverUrl: string): Promise<Forwarder> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const server = createServer(incoming => {
    const outgoing = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async cut() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
