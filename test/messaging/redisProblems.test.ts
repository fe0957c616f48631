import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkOperationId } from '../../src/domain/identifiers';
import { type Messaging, messagingThroughRedis } from '../../src/messaging';
import { createLogger } from '../../src/platform/logging';
import { findFreePort } from '../databases/freePort';
import { missingRedis, type RedisServer, redisPassword, startRedis } from '../databases/redis';
import { describeWhere } from '../harness/describeWhere';
import { until } from '../harness/waiting';

const messageOf = (line: string): string => (JSON.parse(line) as { msg: string }).msg;

describeWhere(missingRedis(), 'the log names once that a Redis server', declareTests);

function declareTests(): void {
  const servers: RedisServer[] = [];
  const open: Messaging[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(messaging => messaging.close()));
    await Promise.all(servers.splice(0).map(server => server.stop()));
  });

  async function start(options: readonly string[] = []): Promise<RedisServer> {
    const server = await startRedis(options);
    servers.push(server);
    return server;
  }

  function join(url: string): { messaging: Messaging; messages: () => string[] } {
    const lines: string[] = [];
    const messaging = messagingThroughRedis(
      {
        url,
        prefix: 'switchyard:test',
        watches: true,
        takesWork: true,
        findStates: () => Promise.resolve([]),
      },
      createLogger('info', { write: (line: string) => void lines.push(line) }),
    );
    open.push(messaging);
    return { messaging, messages: () => lines.map(messageOf) };
  }

  /** The problem is in the log, once; the worker does not flood the server, and is woken without it. */
  async function expectProblem(server: RedisServer, url: string, problem: RegExp): Promise<void> {
    const { messaging, messages } = join(url);
    await until(() => messages().some(message => problem.test(message)));
    const errors = async () =>
      [...(await server.client.info('errorstats')).matchAll(/count=(\d+)/g)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    const before = await errors();
    let woken = 0;
    messaging.workSignals.subscribe(() => woken++);
    messaging.workSignals.notify('one' as BulkOperationId);
    await until(() => woken > 0);
    await sleep(2000);
    expect((await errors()) - before).toBeLessThan(120);
    expect(messages().filter(message => problem.test(message))).toHaveLength(1);
    expect(messages().length).toBeLessThan(4);
    expect(messages().join()).not.toContain(redisPassword);
    expect(messaging.isRedisConnected()).toBe(false);
  }

  test('runs in cluster mode', async () => {
    // By default its second port is the first one and 10,000, where systems give ports to outgoing connections.
    const busPort = await findFreePort();
    const server = await start(['--cluster-enabled', 'yes', '--cluster-port', String(busPort)]);
    await server.client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => (await server.client.info('cluster')).includes('cluster_enabled:1'));
    await expectProblem(server, server.url, /cluster mode, which is not supported/);
  }, 30_000);

  test('is a read-only replica', async () => {
    const server = await start();
    await server.client.replicaof('127.0.0.1', 1);
    await expectProblem(server, server.url, /read-only replica/);
  }, 30_000);

  test('has no memory left', async () => {
    const server = await start(['--maxmemory', '1', '--maxmemory-policy', 'noeviction']);
    await expectProblem(server, server.url, /its memory is full/);
  }, 30_000);

  test('rejects the password', async () => {
    const server = await start();
    await expectProblem(
      server,
      server.url.replace(redisPassword, 'not-the-password'),
      /does not accept the user name and password/,
    );
  }, 30_000);

  test('lacks the database number', async () => {
    const server = await start();
    await expectProblem(server, `${server.url}/99`, /no database with the number/);
  }, 30_000);
}
