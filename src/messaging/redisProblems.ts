import type { Redis } from 'ioredis';

/** The meanings of error replies, by their first word. */
const meanings: Readonly<Record<string, string>> = {
  CLUSTERDOWN: 'it runs in cluster mode, which is not supported',
  CROSSSLOT: 'it runs in cluster mode, which is not supported',
  LOADING: 'it is loading its data',
  MASTERDOWN: 'it is a replica without its primary',
  MISCONF: 'it accepts no writes because it cannot save them',
  MOVED: 'it runs in cluster mode, which is not supported',
  NOAUTH: 'it requires a password',
  NOPERM: 'its user lacks a permission',
  OOM: 'its memory is full (maxmemory)',
  READONLY: 'it is a read-only replica',
  WRONGPASS: 'it does not accept the user name and password',
};

/** The meaning of an error reply; null for any other error. */
export function redisProblemOf(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return null;
  const [, word = ''] = /^([A-Z]+)\b/.exec(error.message) ?? [];
  if (/DB index is out of range/.test(error.message))
    return 'it has no database with the number in REDIS_URL';
  return meanings[word] ?? `it replies with the error ${word || 'ERR'}`;
}

/**
 * Checks whether a server can be used.
 *
 * @returns the problem, or null.
 */
export async function findRedisProblem(redis: Redis): Promise<string | null> {
  try {
    // ioredis continues with database 0 if the configured one does not exist.
    await redis.select(redis.options.db ?? 0);
    const facts = `${await redis.info('cluster')}${await redis.info('replication')}`;
    if (/^cluster_enabled:1/m.test(facts)) return 'it runs in cluster mode, which is not supported';
    return /^role:slave/m.test(facts) ? 'it is a read-only replica' : null;
  } catch (error) {
    // A user who lacks these commands may have all others. A lost connection is reported elsewhere.
    const problem = redisProblemOf(error);
    return problem === meanings.NOPERM ? null : problem;
  }
}
