import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { type Database, openDatabase } from '../../src/persistence/connection/database';
import { FlowRunEntity, FlowRunTagEntity } from '../../src/persistence/entities/flowRun';
import { FlowRunStateEntity } from '../../src/persistence/entities/state';
import { missingRedis, type RedisServer, redisPassword, startRedis } from '../databases/redis';
import { faultsOf } from '../harness/consistency';
import { describeOnEmptyDatabases } from '../harness/databases';
import { describeWhere } from '../harness/describeWhere';
import { type Ask, askAt } from '../harness/gateway';
import { type GatewayProcess, startGatewayProcess } from '../harness/gatewayProcess';
import { lockRow } from '../harness/lockRow';
import { type Seeding, seedingThrough } from '../harness/seeding';
import { subscribe } from '../harness/subscribing';
import { until } from '../harness/waiting';

interface Counts {
  matched: number;
  pending: number;
  accepted: number;
}

const batchSize = 100;

/** Returns whether a promise is settled. */
function endOf(promise: Promise<unknown>): () => boolean {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  return () => isSettled;
}

describeWhere(missingRedis(), 'several processes', () => {
  describeOnEmptyDatabases(['mysql'], 'two gateways and two workers on one database', database => {
    let redis: RedisServer;
    let store: Database;
    let gateways: { process: GatewayProcess; url: string; ask: Ask }[];
    let seeding: Seeding;
    let flowId: string;
    const running = new Set<GatewayProcess>();

    const startProcess = (role: string): GatewayProcess => {
      const settings = {
        REDIS_URL: redis.url,
        OPERATION_BATCH_SIZE: String(batchSize),
        DATABASE_POOL_SIZE: '4',
      };
      const process = startGatewayProcess(database.url, settings, ['--role', role]);
      running.add(process);
      return process;
    };
    const startWorker = async () => {
      const process = startProcess('worker');
      await Promise.all([process.url(), process.printed(/connected to Redis/)]);
      return process;
    };

    beforeAll(async () => {
      redis = await startRedis();
      // All at once on an empty database: they take turns in making the tables.
      const processes = [startProcess('gateway'), startProcess('gateway')];
      gateways = await Promise.all(
        processes.map(async process => {
          const url = `${await process.url()}/graphql`;
          await process.printed(/connected to Redis/);
          return { process, url, ask: askAt(url) };
        }),
      );
      store = await openDatabase({ url: database.url, poolSize: 2 });
      seeding = seedingThrough(gateway(0).ask);
      flowId = await seeding.createFlow('etl');
    }, 120_000);
    afterAll(async () => {
      await Promise.all([...running].map(process => process.kill()));
      await store?.close();
      await redis?.stop();
    });
    afterEach(async () => {
      const workers = [...running].filter(process => gateways.every(gateway => gateway.process !== process));
      await Promise.all(workers.map(process => process.kill()));
      for (const process of workers) running.delete(process);
    });

    function gateway(index: number) {
      const found = gateways[index];
      if (found === undefined) throw new Error('there are two gateways');
      return found;
    }

    async function createRuns(count: number, tag: string): Promise<string[]> {
      const run = { flowId, tags: [tag], state: { type: 'RUNNING' } };
      const ids: string[] = [];
      while (ids.length < count) {
        const size = Math.min(1000, count - ids.length);
        ids.push(...(await seeding.createFlowRuns(Array.from({ length: size }, () => run))));
      }
      return ids;
    }

    async function start({ ask }: { ask: Ask }, tag: string): Promise<string> {
      const answer = await ask<{ startBulkOperation: { id: string } }>(
        `mutation ($tag: String!) { startBulkOperation(input: {
          reason: "a test", state: { type: CANCELLED }, flowRuns: { tags: { any: [$tag] }, state: { type: { any: [RUNNING] } } }
        }) { ... on BulkOperation { id } } }`,
        { tag },
      );
      return answer.startBulkOperation.id;
    }

    async function countsOf({ ask }: { ask: Ask }, id: string) {
      const { bulkOperation } = await ask<{ bulkOperation: { status: string; counts: Counts } }>(
        'query ($id: ID!) { bulkOperation(id: $id) { status counts { matched pending accepted } } }',
        { id },
      );
      return { status: bulkOperation.status, ...bulkOperation.counts };
    }

    const setState = ({ ask }: { ask: Ask }, flowRunId: string, type: string) =>
      ask('mutation ($input: SetFlowRunStateInput!) { setFlowRunState(input: $input) { status } }', {
        input: { flowRunId, state: { type } },
      });

    /** How often each run with a tag was cancelled. */
    async function cancellations(tag: string): Promise<number[]> {
      const rows = await store.writer
        .createQueryBuilder(FlowRunTagEntity, 'tagged')
        .select('COUNT(state.id)', 'count')
        .leftJoin(
          FlowRunStateEntity.tableName,
          'state',
          "state.flowRunId = tagged.flowRunId AND state.type = 'CANCELLED'",
        )
        .where('tagged.tag = :tag', { tag })
        .groupBy('tagged.flowRunId')
        .orderBy('count', 'DESC')
        .getRawMany<{ count: string }>();
      return rows.map(({ count }) => Number(count));
    }
    const once = (count: number) => Array.from({ length: count }, () => 1);

    /** Watches the state changes of runs with a tag on a gateway, from the response on. */
    async function watch({ url }: { url: string }, tag: string) {
      const subscription = subscribe(
        { url },
        `subscription { flowRunStateChanged(filter: { tags: { any: ["${tag}"] } }) {
          flowRun { id } state { type } } }`,
      );
      const [probe = ''] = await createRuns(1, tag);
      const first = subscription.next();
      const isHeard = endOf(first);
      let turn = 0;
      await until(async () => {
        await setState(gateway(1), probe, turn++ % 2 === 0 ? 'PENDING' : 'RUNNING');
        return isHeard();
      });
      expect((await first)?.errors).toBeUndefined();
      await setState(gateway(1), probe, 'COMPLETED');
      const next = async () => {
        const answer = await subscription.next();
        const change = answer?.data?.['flowRunStateChanged'] as
          | { flowRun: { id: string }; state: { type: string } }
          | undefined;
        if (change === undefined) throw new Error(`no change, but ${JSON.stringify(answer)}`);
        return { id: change.flowRun.id, type: change.state.type };
      };
      while ((await next()).type !== 'COMPLETED');
      return { next, stop: () => subscription.stop() };
    }

    /** Reads an operation's items on a gateway to the end, and returns their positions. */
    async function positionsOf({ url }: { url: string }, id: string): Promise<number[]> {
      const subscription = subscribe(
        { url },
        `subscription { bulkOperationItems(id: "${id}") { position } }`,
      );
      const positions: number[] = [];
      for (let answer = await subscription.next(); answer !== null; answer = await subscription.next()) {
        if (answer.errors) throw new Error(JSON.stringify(answer.errors));
        const { bulkOperationItems } = (answer.data ?? {}) as { bulkOperationItems?: { position: number } };
        positions.push(bulkOperationItems?.position ?? 0);
      }
      return positions;
    }
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

    const readiness = async ({ url }: { url: string }) => {
      const response = await fetch(new URL('/readyz', url));
      return { status: response.status, ...((await response.json()) as object) };
    };

    test('a subscriber on one gateway receives the writes of the workers and of the other gateway', async () => {
      await Promise.all([startWorker(), startWorker()]);
      const ids = await createRuns(300, 'watched');
      const changes = await watch(gateway(0), 'watched');
      const [last = ''] = await createRuns(1, 'watched too');
      const others = await watch(gateway(0), 'watched too');

      await start(gateway(1), 'watched');
      await setState(gateway(1), last, 'FAILED');
      const heard = await Promise.all(ids.map(() => changes.next()));

      expect(heard.map(({ id }) => id).sort()).toEqual([...ids].sort());
      expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(['CANCELLED']));
      expect(await others.next()).toEqual({ id: last, type: 'FAILED' });
      await Promise.all([changes.stop(), others.stop()]);
    }, 60_000);

    test('an operation loses nothing when Redis is emptied repeatedly meanwhile', async () => {
      await Promise.all([startWorker(), startWorker()]);
      await createRuns(3000, 'emptied');

      const id = await start(gateway(1), 'emptied');
      const watched = positionsOf(gateway(0), id);
      const isOver = endOf(watched);
      let emptied = 0;
      while (!isOver()) {
        await redis.client.flushall();
        emptied++;
      }

      expect(await watched).toEqual(upTo(3000));
      expect(await countsOf(gateway(0), id)).toMatchObject({ status: 'COMPLETED', accepted: 3000 });
      expect(await cancellations('emptied')).toEqual(once(3000));
      expect(await faultsOf(store)).toEqual([]);
      expect(emptied).toBeGreaterThan(1);
    }, 60_000);

    test('an operation continues when Redis is killed, and the gateways use it again after its restart', async () => {
      await Promise.all([startWorker(), startWorker()]);
      await createRuns(3000, 'killed');
      const changes = await watch(gateway(0), 'killed');

      const id = await start(gateway(1), 'killed');
      await changes.next();
      await redis.kill();
      try {
        const watched = await positionsOf(gateway(0), id);
        expect(watched).toEqual(upTo(3000));
        // The run beside them is the one that the watch began with.
        expect(await cancellations('killed')).toEqual([...once(3000), 0]);

        // A subscriber that may have missed a change receives an error.
        await expect(
          (async () => {
            for (;;) await changes.next();
          })(),
        ).rejects.toThrow('"code":"UNAVAILABLE"');
        expect(await readiness(gateway(0))).toEqual({ status: 'ok', redis: 'unavailable' });
        // Started while there is no Redis, an operation is found in the ledger.
        await createRuns(150, 'meanwhile');
        const meanwhile = await start(gateway(0), 'meanwhile');
        expect(await positionsOf(gateway(1), meanwhile)).toEqual(upTo(150));
      } finally {
        await redis.restart();
      }

      for (const each of gateways)
        await until(async () => ((await readiness(each)) as { redis?: string }).redis === 'ok');
      // Each process that comes back says that something of it was missed.
      await Promise.all([...running].map(process => process.printed(/cannot be used[^]*connected to Redis/)));
      const again = await watch(gateway(0), 'back');
      const ids = await createRuns(20, 'back');
      await start(gateway(1), 'back');
      const heard = await Promise.all([...ids, ...ids].map(() => again.next()));
      expect(
        heard
          .filter(({ type }) => type === 'CANCELLED')
          .map(change => change.id)
          .sort(),
      ).toEqual(ids.sort());
      await again.stop();
      for (const process of running) expect(process.output()).not.toContain(redisPassword);
    }, 90_000);

    /** Locks a run with a tag until the release; a batch with the run must wait. */
    async function hold(id: string): Promise<() => Promise<void>> {
      const runner: QueryRunner = store.writer.createQueryRunner();
      await lockRow(runner, FlowRunEntity, id);
      return async () => {
        await runner.commitTransaction();
        await runner.release();
      };
    }
    const somebodyWaits = async () => {
      // The server checks again only after a tenth of a second without a request.
      await sleep(150);
      const rows: unknown[] = await store.writer.query(
        `SELECT 1 FROM information_schema.innodb_trx JOIN information_schema.processlist ON id = trx_mysql_thread_id
         WHERE db = DATABASE() AND trx_state = 'LOCK WAIT'`,
      );
      return rows.length > 0;
    };

    test('the batch of a worker that is killed is rolled back, and another worker takes it', async () => {
      const ids = await createRuns(3 * batchSize, 'orphaned');
      const release = await hold(ids[0] ?? '');
      const killed = await startWorker();
      const id = await start(gateway(0), 'orphaned');
      await until(somebodyWaits);
      await startWorker();

      await killed.kill();
      await release();

      await until(async () => (await countsOf(gateway(0), id)).status === 'COMPLETED');
      expect(await countsOf(gateway(0), id)).toMatchObject({ pending: 0, accepted: ids.length });
      expect(await cancellations('orphaned')).toEqual(once(ids.length));
      expect(await faultsOf(store)).toEqual([]);
    }, 60_000);

    test('a worker that receives SIGTERM finishes the current batch, takes no other, and exits', async () => {
      const ids = await createRuns(3 * batchSize, 'stopped');
      const release = await hold(ids.at(-1) ?? '');
      const stopped = await startWorker();
      const id = await start(gateway(0), 'stopped');
      await until(somebodyWaits);

      stopped.terminate();
      await stopped.printed(/SIGTERM: finishing work in progress/);
      await release();

      expect(await stopped.ended()).toBe(0);
      expect(await countsOf(gateway(0), id)).toMatchObject({
        status: 'RUNNING',
        pending: 2 * batchSize,
        accepted: batchSize,
      });
      await startWorker();
      await until(async () => (await countsOf(gateway(0), id)).status === 'COMPLETED');
      expect(await cancellations('stopped')).toEqual(once(ids.length));
    }, 60_000);

    test('a worker reports whether it is alive and ready, and serves nothing else', async () => {
      const url = await (await startWorker()).url();

      expect((await fetch(new URL('/livez', url))).status).toBe(200);
      await until(async () => ((await readiness({ url })) as { redis?: string }).redis === 'ok');
      expect((await fetch(new URL('/graphql?query={__typename}', url))).status).toBe(404);
    }, 60_000);
  });
});
