import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Dialect } from './dialect';

type NamedLock = NonNullable<Dialect['namedLock']>;

/** A named lock that a connection has taken. */
interface TakenLock {
  /** Whether the connection still has it. */
  isHeld(): Promise<boolean>;
  release(): Promise<unknown>;
}

const maxNameLength = 64;
/** How often a lock is checked while work runs under it: far below the time after which a server ends a silent connection. */
const defaultCheckMilliseconds = 60_000;

/** Takes a named lock of a server, and waits for a limited number of seconds; null where another connection has it. */
export async function takeNamedLock(
  runner: QueryRunner,
  { take, check, release }: NamedLock,
  name: string,
  waitSeconds: number,
): Promise<TakenLock | null> {
  // The server's locks are shared by all its databases.
  const lockName = `switchyard ${name} ${String(await runner.getCurrentDatabase())}`.slice(0, maxNameLength);
  const [row] = (await runner.query(take, [lockName, waitSeconds])) as { taken: number | string | null }[];
  if (Number(row?.taken) !== 1) return null;
  return {
    async isHeld() {
      // By the connection's number, because the pool replaces a lost connection by one without the lock.
      const [checked] = (await runner.query(check, [lockName])) as { held: number | string | null }[];
      return Number(checked?.held) === 1;
    },
    release: () => runner.query(release, [lockName]),
  };
}

/** Checks a lock again and again until the work is done, and aborts the work where the lock is lost. */
async function watchLock(
  { isHeld }: TakenLock,
  checkMilliseconds: number,
  done: AbortSignal,
  lost: AbortController,
): Promise<void> {
  while (!done.aborted) {
    await wait(checkMilliseconds, undefined, { signal: done }).catch(() => undefined);
    if (!done.aborted && !(await isHeld().catch(() => false))) return lost.abort();
  }
}

/**
 * Makes what runs work under a name that only one may use at a time. A lock goes with the connection that took it; work whose
 * lock is lost is aborted by its signal.
 */
export function createExclusively(
  writer: DataSource,
  { namedLock }: Dialect,
  checkMilliseconds = defaultCheckMilliseconds,
) {
  const running = new Set<string>();

  async function withServerLock<Result>(
    lock: NamedLock,
    name: string,
    work: (signal: AbortSignal) => Promise<Result>,
  ) {
    const runner = writer.createQueryRunner('master');
    try {
      const taken = await takeNamedLock(runner, lock, name, 0);
      if (taken === null) return null;
      const done = new AbortController();
      const lost = new AbortController();
      const watching = watchLock(taken, checkMilliseconds, done.signal, lost);
      try {
        return await work(lost.signal);
      } finally {
        done.abort();
        await watching;
        // Where the connection is lost, the lock is too.
        await taken.release().catch(() => undefined);
      }
    } finally {
      await runner.release();
    }
  }

  return async function exclusively<Result>(
    name: string,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result | null> {
    if (running.has(name)) return null;
    running.add(name);
    try {
      if (namedLock === null) return await work(new AbortController().signal);
      return await withServerLock(namedLock, name, work);
    } finally {
      running.delete(name);
    }
  };
}
