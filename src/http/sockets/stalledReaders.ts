import type { ServerResponse } from 'node:http';
import type { Connections } from './connections';

const lookMilliseconds = 1000;

const isBlocked = (response: ServerResponse): boolean =>
  response.writableEnded ? !response.writableFinished : response.writableNeedDrain;

/**
 * Cuts connections whose client reads nothing of a response that is ready for it, for so many seconds. Responses that are not
 * ready yet, and streams without an event, are not affected.
 *
 * @returns how to stop it.
 */
export function cutStalledReaders(connections: Connections, seconds: number): () => void {
  const timed = new WeakSet<ServerResponse>();

  function look(): void {
    for (const { request, response } of connections.currentExchanges()) {
      const blocked = isBlocked(response);
      if (blocked === timed.has(response)) continue;
      // The socket's own time-out starts anew whenever a byte is written or read; the HTTP server cuts it at the end.
      request.socket.setTimeout(blocked ? seconds * 1000 : 0);
      if (blocked) timed.add(response);
      else timed.delete(response);
    }
  }

  look();
  const looking = setInterval(look, lookMilliseconds);
  looking.unref();
  return () => clearInterval(looking);
}
