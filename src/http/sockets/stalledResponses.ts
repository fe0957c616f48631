import type { ServerResponse } from 'node:http';
import type { Connections } from './connections';

const lookMilliseconds = 1000;

const isBlocked = (response: ServerResponse): boolean =>
  response.writableEnded ? !response.writableFinished : response.writableNeedDrain;

/**
 * Disconnects clients that read nothing of an available response for `seconds`. Pending responses and streams without
 * events are not affected. `hasRoom` in `socketTransport.ts` does the same for WebSockets, and `platform/subscriberBacklog.ts`
 * bounds what waits before it reaches a connection.
 *
 * @returns a function that stops it.
 */
export function cutStalledResponses(connections: Connections, seconds: number): () => void {
  const timed = new WeakSet<ServerResponse>();

  function look(): void {
    for (const { request, response } of connections.currentExchanges()) {
      const blocked = isBlocked(response);
      if (blocked === timed.has(response)) continue;
      // The time-out of the socket restarts with each byte that is written or read. When it is over, the HTTP server closes
      // the connection.
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
