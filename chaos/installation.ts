import type { Random } from '../bench/support/random';
import { findRedis, startRedis } from '../test/databases/redis';
import { startMysql } from '../test/databases/server';
import { createDatabase } from '../test/databases/sql';
import { type Members, startMembers } from './members';
import type { Victim } from './victim';

/** A MySQL and a Redis server with several processes of the product on them. */
export interface Installation extends Members {
  databaseUrl: string;
  /** Empties the Redis server; null where this machine has none, and the processes do without. */
  emptyRedis: (() => Promise<unknown>) | null;
}

const gateways = 2;
const workers = 3;

/** Starts a MySQL server, a Redis server where this machine has one, gateways and workers. */
export async function startInstallation(random: Random): Promise<Installation> {
  // A server that is killed amid a write must find its pages whole again.
  const server = await startMysql({ durable: true });
  const databaseUrl = await createDatabase(server.url);
  const redis = findRedis() === null ? null : await startRedis();
  const settings: Record<string, string> = redis === null ? {} : { REDIS_URL: redis.url };
  const members = startMembers({ gateways, workers, databaseUrl, settings, random });
  const servers: Victim[] = [
    { name: 'mysql', kind: 'mysql', kill: server.kill, restart: server.restart },
    ...(redis === null
      ? []
      : [{ name: 'redis', kind: 'redis', kill: redis.kill, restart: redis.restart } as const]),
  ];
  return {
    ...members,
    databaseUrl,
    victims: [...members.victims, ...servers],
    emptyRedis: redis && (() => redis.client.flushall()),
    async close() {
      await members.close();
      await redis?.stop();
      await server.stop();
    },
  };
}
