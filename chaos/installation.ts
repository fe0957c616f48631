import type { Random } from '../bench/support/random';
import { findRedis, startRedis } from '../test/databases/redis';
import { startMysql } from '../test/databases/server';
import { createDatabase } from '../test/databases/sql';
import { createMember } from './member';
import type { Victim } from './victim';

/** A MySQL and a Redis server with several processes of the product on them. */
export interface Installation {
  databaseUrl: string;
  victims: readonly Victim[];
  /** Empties the Redis server; null where this machine has none, and the processes do without. */
  emptyRedis: (() => Promise<unknown>) | null;
  /** The address of GraphQL at a gateway, counted round; null while it is not there. */
  gatewayUrl(number: number): string | null;
  /** Waits until every process is ready. */
  ready(): Promise<void>;
  /** What each process has printed since the beginning. */
  outputs(): string[];
  /** Processes that ended though nobody killed them. */
  ownEnds(): string[];
  close(): Promise<void>;
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
  const members = Array.from({ length: gateways + workers }, (_, index) =>
    index < gateways
      ? createMember('gateway', index + 1, databaseUrl, settings, random)
      : createMember('worker', index + 1 - gateways, databaseUrl, settings, random),
  );
  const servers: Victim[] = [
    { name: 'mysql', kind: 'mysql', kill: server.kill, restart: server.restart },
    ...(redis === null
      ? []
      : [{ name: 'redis', kind: 'redis', kill: redis.kill, restart: redis.restart } as const]),
  ];
  return {
    databaseUrl,
    victims: [...members, ...servers],
    emptyRedis: redis && (() => redis.client.flushall()),
    gatewayUrl: number => members[number % gateways]?.url() ?? null,
    async ready() {
      await Promise.all(members.map(member => member.ready()));
    },
    outputs: () => members.map(member => member.output()),
    ownEnds: () => members.flatMap(member => member.ownEnds),
    async close() {
      await Promise.all(members.map(member => member.kill()));
      await redis?.stop();
      await server.stop();
    },
  };
}
