import { setTimeout as pause } from 'node:timers/promises';
import { Pool, TimeoutError } from 'tarn';
import { errorKindOf } from './errorKind';
import {
  killConnection,
  openServerConnection,
  type ServerConnection,
  type ServerOptions,
} from './serverConnection';

/** A pool's settings. */
interface PoolOptions extends ServerOptions {
  /** Connections at once. */
  size: number;
  /** Seconds that a statement may take; 0: no limit. */
  statementSeconds: number;
  /** After which idle time a connection is closed. Default: one minute. */
  idleMilliseconds?: number;
}

/** A connection that was taken from a pool. */
export interface PooledConnection {
  query(sql: string, values?: unknown[]): Promise<[unknown, unknown]>;
  /** Returns the connection to the pool. The caller must not use it afterwards. */
  release(): void;
  /** Ends the connection, on the server too: what is under way there fails, and nothing is sent again. */
  cancel(): void;
}

/** Connections to one server. */
export interface ConnectionPool {
  /** Takes a connection that responds; waits while all are taken, at most some seconds. */
  acquire(): Promise<PooledConnection>;
  close(): Promise<void>;
}

/** The default time limit of a request; callers with less time leave earlier. */
const acquireMilliseconds = 30_000;
const defaultIdleMilliseconds = 60_000;
/** A connection that was idle for longer is asked whether the server responds before it is used. */
const trustedMilliseconds = 1000;
const aliveMilliseconds = 1500;
/** The server itself ends a statement that takes too long; only where nothing comes from it, the connection is given up. */
const graceMilliseconds = 5000;
/** A statement is sent again only where it failed within this time. */
const repeatMilliseconds = 10_000;
const limitPauseMilliseconds = 500;
const closeMilliseconds = 2000;

/** A connection in a pool. */
interface Member {
  server: ServerConnection;
  /** Which generation it belongs to; earlier ones are not used again. */
  generation: number;
  /** When it was released, on the monotonic clock. */
  lastUsed: number;
}

const isRead = (sql: string): boolean => /^\s*(SELECT|WITH)\b/i.test(sql);
const isBegin = (sql: string): boolean => /^START TRANSACTION$/i.test(sql);

/** Whether a statement has had no response in time. */
const isSilence = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'PROTOCOL_SEQUENCE_TIMEOUT';

/**
 * Opens a pool; connections are made when they are needed. It hands out no connection that is dead: one that was idle is
 * asked first. A read, or the beginning of a transaction, that finds the connection lost is sent again on another one, as long as
 * only reads came before it and it did not fail late: nothing can have been done yet. A server that became read-only, as one
 * that another took over from, loses all connections at once: new ones connect to the server that the address names by then. A
 * server that accepts no more connections makes callers wait for those that there are.
 */
export function createConnectionPool(options: PoolOptions): ConnectionPool {
  const { size, statementSeconds, idleMilliseconds = defaultIdleMilliseconds } = options;
  const statementMilliseconds =
    statementSeconds * 1000 + Math.min(graceMilliseconds, statementSeconds * 1000);
  const closing = new AbortController();
  const members = new Set<Member>();
  let generation = 0;
  /** Why the server accepted no more connections, the last time. */
  let limit: string | null = null;

  const renew = (from: number): void => {
    // Connections that were made meanwhile are not to blame.
    if (from === generation) generation++;
  };

  async function create(): Promise<Member> {
    for (;;) {
      try {
        const member = {
          server: await openServerConnection(options),
          generation,
          lastUsed: performance.now(),
        };
        members.add(member);
        limit = null;
        return member;
      } catch (error) {
        const hasOthers = pool.numUsed() + pool.numFree() > 0;
        if (errorKindOf(error) !== 'tooManyConnections' || !hasOthers || closing.signal.aborted) throw error;
        limit = (error as Error).message;
        await pause(limitPauseMilliseconds, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  const pool = new Pool<Member>({
    create,
    destroy(member: Member) {
      members.delete(member);
      member.server.destroy();
    },
    validate: member => !member.server.isBroken() && member.generation === generation,
    min: 0,
    max: size,
    acquireTimeoutMillis: acquireMilliseconds,
    // A connection that the server's limit holds up is waited for without end; opening one has a time limit of its own.
    createTimeoutMillis: 2 ** 31 - 1,
    idleTimeoutMillis: idleMilliseconds,
    propagateCreateError: true,
  });

  async function take(): Promise<Member> {
    for (;;) {
      const member = await pool.acquire().promise;
      if (performance.now() - member.lastUsed <= trustedMilliseconds) return member;
      if (await member.server.isAlive(aliveMilliseconds)) return member;
      // What made this one silent has most probably met all that were idle.
      renew(member.generation);
      void killConnection(options, member.server.threadId);
      pool.release(member);
    }
  }

  const takeOrExplain = (): Promise<Member> =>
    take().catch((error: unknown) => {
      if (!(error instanceof TimeoutError)) throw error;
      const why = limit === null ? '' : `, and the server accepts no more: ${limit}`;
      const seconds = acquireMilliseconds / 1000;
      throw Object.assign(new Error(`none of ${size} connections was free for ${seconds} s${why}`), {
        code: 'POOL_TIMEOUT',
      });
    });

  function lend(taken: Member): PooledConnection {
    let member: Member | null = taken;
    let replacing: Promise<Member> | null = null;
    let mayRepeat = true;
    let isCancelled = false;

    function returnToPool(): void {
      if (member === null) return;
      member.lastUsed = performance.now();
      pool.release(member);
      member = null;
    }

    async function send(to: Member | null, sql: string, values: unknown[] | undefined) {
      if (to === null) throw new Error('the connection was given back');
      try {
        return await to.server.query(sql, values, statementMilliseconds);
      } catch (error) {
        const kind = errorKindOf(error);
        if (isCancelled) throw error;
        if (kind === 'readOnly' || kind === 'connectionLost') renew(to.generation);
        if (isSilence(error)) void killConnection(options, to.server.threadId);
        throw error;
      }
    }

    async function replace(): Promise<Member> {
      // First: if every connection is lost, no caller may wait for the others to be released.
      returnToPool();
      member = await takeOrExplain();
      return member;
    }

    return {
      async query(sql, values) {
        const mayRepeatThis = mayRepeat && (isRead(sql) || isBegin(sql));
        mayRepeat &&= isRead(sql);
        const first = member;
        const started = performance.now();
        try {
          return await send(first, sql, values);
        } catch (error) {
          const wasSilent = performance.now() - started > repeatMilliseconds;
          if (isCancelled || !mayRepeatThis || wasSilent || errorKindOf(error) !== 'connectionLost')
            throw error;
          if (member === first) {
            replacing ??= replace().finally(() => {
              replacing = null;
            });
            await replacing;
          }
          return send(member, sql, values);
        }
      },
      release: returnToPool,
      cancel() {
        if (member === null || isCancelled) return;
        isCancelled = true;
        void killConnection(options, member.server.threadId);
        member.server.destroy();
      },
    };
  }

  return {
    acquire: async () => lend(await takeOrExplain()),
    async close() {
      closing.abort();
      // Connections that are not given back in time are ended under those who hold them.
      const closed = pool.destroy();
      await Promise.race([closed, pause(closeMilliseconds, undefined, { ref: false })]);
      for (const { server } of members) server.destroy();
    },
  };
}
