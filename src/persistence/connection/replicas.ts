import type { ConnectionPool } from './connectionPool';
import { isUnavailable } from './errorKind';

/** For so long a replica that cannot be used is not tried again. */
const restoreMilliseconds = 10_000;

/**
 * Makes one pool of several: replicas are used in turns. One that cannot be used is left out for a while, and where none
 * can, the writer's pool serves.
 *
 * @param onAway receives why a replica is left out, each time.
 */
export function createReplicaPool(
  replicas: readonly ConnectionPool[],
  writer: ConnectionPool,
  onAway: (error: unknown) => void = () => undefined,
): ConnectionPool {
  const restoredAt = new Map<ConnectionPool, number>();
  let turn = 0;

  return {
    async acquire() {
      const first = turn++;
      const now = performance.now();
      for (let index = 0; index < replicas.length; index++) {
        const replica = replicas[(first + index) % replicas.length];
        if (replica === undefined || (restoredAt.get(replica) ?? 0) > now) continue;
        try {
          return await replica.acquire();
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          restoredAt.set(replica, performance.now() + restoreMilliseconds);
          onAway(error);
        }
      }
      return writer.acquire();
    },
    async close() {
      await Promise.all(replicas.map(replica => replica.close()));
    },
  };
}
