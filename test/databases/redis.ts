import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { keepTrying } from '../../src/messaging/redis';
import { findOnPath } from './commands';
import { findFreePort } from './freePort';
import { guardFolder } from './guard';
import { end, isRunning, launchCommand, readLog, type ServerFolder } from './serverProcess';

/** A private Redis server that stores nothing on disk. It never outlives the process that started it. */
export interface RedisServer {
  /** `redis://:secret@127.0.0.1:23306` */
  readonly url: string;
  /** A connection for the test itself. */
  readonly client: Redis;
  /** Ends it at once, and with it all that it knew. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The Redis server program of this machine, or null where there is none. */
export const findRedis = (): string | null => findOnPath('redis-server');

/** What this machine lacks for tests with Redis; null if it has a server. */
export const missingRedis = (): string | null => (findRedis() === null ? 'there is no redis-server' : null);

export const redisPassword = 'not-to-be-logged';

/**
 * Starts a Redis server of its own on a free port, with a password.
 *
 * @param more further options for its command line.
 *
 * @throws Error where this machine has none, or where it does not come up.
 */
export async function startRedis(more: readonly string[] = []): Promise<RedisServer> {
  const program = findRedis();
  if (program === null) throw new Error('redis-server is not on PATH');
  const path = await mkdtemp(join(tmpdir(), 'switchyard-redis-'));
  const folder: ServerFolder = { path, guard: guardFolder(path) };
  const port = await findFreePort();
  const url = `redis://:${redisPassword}@127.0.0.1:${port}`;
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--requirepass', redisPassword];
  const launch = () =>
    launchCommand(program, folder, [...options, '--save', '', '--appendonly', 'no', ...more]);

  let running = launch();
  const client = new Redis(url, { ...keepTrying, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  const untilReady = async () => {
    const answered = client.ping().then(() => true);
    while (isRunning(running)) {
      if (await Promise.race([answered, sleep(100, false)])) {
        running.unref();
        return;
      }
    }
    throw new Error(`redis-server did not come up:\n${await readLog(folder)}`);
  };
  await untilReady();
  return {
    url,
    client,
    kill: () => end(running, 'SIGKILL'),
    async restart() {
      running = launch();
      await untilReady();
    },
    async stop() {
      client.disconnect();
      await end(running, 'SIGKILL');
      await folder.guard.finish();
    },
  };
}
