import type { DataSource, QueryRunner } from 'typeorm';
import type { Dialect } from './dialect';

type NamedLock = NonNullable<Dialect['namedLock']>;

const maxNameLength = 64;

/** Takes a named lock of a server, and waits for a limited number of seconds. Returns a function that releases it, or null. */
export async function takeNamedLock(
  runner: QueryRunner,
  { take, release }: NamedLock,
  name: string,
  waitSeconds: number,
): Promise<(() => Promise<void>) | null> {
  // The server's locks are shared by all its databases.
  const lockName = `switchyard ${name} ${String(await runner.getCurrentDatabase())}`.slice(0, maxNameLength);
  const [row] = (await runner.query(take, [lockName, waitSeconds])) as { taken: number | string | null }[];
  return Number(row?.taken) === 1 ? () => runner.query(release, [lockName]) as Promise<void> : null;
}

/** Makes what runs work under a name that only one may use at a time. A lock goes with the connection that took it. */
export function createExclusively(writer: DataSource, { namedLock }: Dialect) {
  const running = new Set<string>();

  async function withServerLock<Result>(lock: NamedLock, name: string, work: () => Promise<Result>) {
    const runner = writer.createQueryRunner('master');
    try {
      const release = await takeNamedLock(runner, lock, name, 0);
      if (release === null) return null;
      try {
        return await work();
      } finally {
        // Where the connection is lost, the lock is too.
        await release().catch(() => undefined);
      }
    } finally {
      await runner.release();
    }
  }

  return async function exclusively<Result>(
    name: string,
    work: () => Promise<Result>,
  ): Promise<Result | null> {
    if (running.has(name)) return null;
    running.add(name);
    try {
      return await (namedLock === null ? work() : withServerLock(namedLock, name, work));
    } finally {
      running.delete(name);
    }
  };
}
