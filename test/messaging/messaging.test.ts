import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkOperationId, FlowRunId, StateId } from '../../src/domain/identifiers';
import { parseInstant } from '../../src/domain/instant';
import { ownAuthor, type State } from '../../src/domain/state';
import { type Messaging, type MessagingOptions, messagingThroughRedis } from '../../src/messaging';
import type { StateChange } from '../../src/messaging/stateChanges';
import { createLogger } from '../../src/platform/logging';
import { missingRedis, type RedisServer, redisPassword, startRedis } from '../databases/redis';
import { describeWhere } from '../harness/describeWhere';
import { until } from '../harness/waiting';

const stateOf = (id: string, data: State['data'] = null): State => ({
  id: id as StateId,
  type: 'RUNNING',
  name: 'Running',
  message: null,
  data,
  stateDetails: {},
  ...ownAuthor,
  timestamp: parseInstant('2026-11-23T12:00:00Z'),
});

const change = (run: string, state: string, previous: string | null = null): StateChange => ({
  flowRunId: run as FlowRunId,
  state: stateOf(state),
  previousState: previous === null ? null : stateOf(previous),
});

const idsOf = ({ flowRunId, state, previousState }: StateChange) => [
  flowRunId,
  state.id,
  previousState?.id ?? null,
];

const operation = (id: string) => id as BulkOperationId;

describeWhere(missingRedis(), 'messages through Redis', () => {
  let redis: RedisServer;
  const open = new Set<Messaging>();
  const log: string[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());
  beforeEach(() => redis.client.flushall());
  afterEach(async () => {
    await Promise.all([...open].map(messaging => messaging.close()));
    open.clear();
  });

  /** An instance of the gateway or a worker that has only begun to connect. */
  function enter(options: Partial<MessagingOptions>): Messaging {
    const logger = createLogger('info', { write: (line: string) => void log.push(line) });
    const messaging = messagingThroughRedis(
      {
        url: redis.url,
        prefix: 'switchyard:test',
        watches: true,
        takesWork: false,
        findStates: async ids => ids.map(id => stateOf(id)),
        ...options,
      },
      logger,
    );
    open.add(messaging);
    return messaging;
  }

  /** An instance that is connected. */
  async function join(options: Partial<MessagingOptions> = {}): Promise<Messaging> {
    const messaging = enter(options);
    await until(() => messaging.isRedisConnected() === true);
    return messaging;
  }

  /** The changes that an instance receives, and how often it was informed of missed ones. */
  function hear({ stateChanges }: Messaging) {
    const heard: StateChange[] = [];
    let missed = 0;
    const stop = stateChanges.subscribe(
      changes => void heard.push(...changes),
      () => missed++,
    );
    return { heard, missed: () => missed, stop };
  }

  const answers = async () => void (await redis.client.ping());

  test('a state change reaches every instance, with its stored states', async () => {
    const findStates = async (ids: readonly StateId[]) => ids.map(id => stateOf(id, { kept: id }));
    const [first, second] = [await join({ findStates }), await join({ findStates })];
    const [here, there] = [hear(first), hear(second)];

    first.stateChanges.publish([change('run', 'new', 'old'), change('other', 'only')]);

    for (const { heard } of [here, there]) {
      await until(() => heard.length === 2);
      expect(heard).toEqual([
        {
          flowRunId: 'run',
          state: stateOf('new', { kept: 'new' }),
          previousState: stateOf('old', { kept: 'old' }),
        },
        { flowRunId: 'other', state: stateOf('only', { kept: 'only' }), previousState: null },
      ]);
    }
  });

  test('changes arrive in order, also when the first read takes longest and a batch is large', async () => {
    const writer = await join();
    let slow = true;
    const reader = await join({
      async findStates(ids) {
        const isFirst = slow;
        slow = false;
        if (isFirst) await sleep(50);
        return ids.map(id => stateOf(id));
      },
    });
    const { heard } = hear(reader);
    const changes = Array.from({ length: 2345 }, (_, index) => change(`run ${index % 7}`, `state ${index}`));

    writer.stateChanges.publish(changes.slice(0, 10));
    writer.stateChanges.publish(changes.slice(10));
    await until(() => heard.length === changes.length);

    expect(heard.map(idsOf)).toEqual(changes.map(idsOf));
  });

  test('no message grows with its batch or its states', async () => {
    const writer = await join();
    const sizes: number[] = [];
    const listener = redis.client.duplicate();
    await listener.subscribe('switchyard:test:state-changes');
    listener.on('message', (_channel: string, message: string) => void sizes.push(message.length));
    const uuid = '0195f2d0-7b1a-7c3e-8a4f-112233445566';
    const large = {
      flowRunId: uuid as FlowRunId,
      state: stateOf(uuid, 'x'.repeat(100_000)),
      previousState: null,
    };

    writer.stateChanges.publish(Array.from({ length: 1000 }, () => large));
    await until(() => sizes.length === 4);
    listener.disconnect();

    expect(Math.max(...sizes)).toBeLessThan(32_000);
  });

  test('a change of a deleted run is left out', async () => {
    const reader = await join({
      findStates: async ids => ids.filter(id => id !== 'gone').map(id => stateOf(id)),
    });
    const { heard } = hear(reader);

    reader.stateChanges.publish([change('deleted', 'gone'), change('run', 'kept', 'gone')]);
    await until(() => heard.length === 1);

    expect(heard.map(idsOf)).toEqual([['run', 'kept', null]]);
  });

  test('an unsubscribed listener receives nothing more, and installations on one server receive nothing from each other', async () => {
    const [first, second, stranger] = [
      await join(),
      await join(),
      await join({ prefix: 'switchyard:other' }),
    ];
    const [stopped, staying, strange] = [hear(second), hear(second), hear(stranger)];
    stopped.stop();

    first.stateChanges.publish([change('run', 'state')]);
    await until(() => staying.heard.length === 1);
    await answers();

    expect(stopped.heard).toEqual([]);
    expect(strange.heard).toEqual([]);
    expect([stopped, staying, strange].map(({ missed }) => missed())).toEqual([0, 0, 0]);
  });

  test('listeners are informed of missed changes when the states cannot be read', async () => {
    const reader = await join({ findStates: () => Promise.reject(new Error('the database is away')) });
    const { heard, missed } = hear(reader);

    reader.stateChanges.publish([change('run', 'state')]);
    await until(() => missed() === 1);

    expect(heard).toEqual([]);
    expect(log.splice(0).join('')).toMatch(/"level":"warn".*the database is away.*cannot be read/s);
  });

  test('a signal about an operation reaches every instance', async () => {
    const [first, second] = [await join(), await join({ takesWork: true })];
    const heard: string[] = [];
    first.operationSignals.subscribe(id => void heard.push(`first ${id}`));
    second.operationSignals.subscribe(id => void heard.push(`second ${id}`));

    second.operationSignals.notify(operation('a'));
    await until(() => heard.length === 2);

    expect(heard.sort()).toEqual(['first a', 'second a']);
  });

  test('work wakes one worker in any process, and leaves nothing behind', async () => {
    const gateway = await join();
    const workers = [
      await join({ watches: false, takesWork: true }),
      await join({ watches: false, takesWork: true }),
    ];
    const woken: string[] = [];
    for (const { workSignals } of workers) workSignals.subscribe(id => void woken.push(id));

    for (const id of ['a', 'b', 'c']) gateway.workSignals.notify(operation(id));
    await until(() => woken.length === 3);
    await until(async () => (await redis.client.keys('switchyard:test:wake-ups:?')).length === 0);

    expect(woken.sort()).toEqual(['a', 'b', 'c']);
  });

  test('a wake-up waits for the next worker, once for each operation', async () => {
    const gateway = await join();
    for (const id of ['a', 'b', 'a', 'a']) gateway.workSignals.notify(operation(id));
    await until(async () => (await redis.client.llen('switchyard:test:wake-ups:wait')) === 2);

    const woken: string[] = [];
    const worker = enter({ watches: false, takesWork: true });
    worker.workSignals.subscribe(id => void woken.push(id));
    await until(() => woken.length === 2);

    expect(woken.sort()).toEqual(['a', 'b']);
  });

  describe('while Redis is away', () => {
    let here: Messaging;
    let there: Messaging;

    beforeEach(async () => {
      here = await join({ takesWork: true });
      there = await join();
    });
    afterEach(async () => {
      if (here.isRedisConnected() !== true) await redis.restart();
    });

    const lose = async () => {
      await redis.kill();
      await until(() => here.isRedisConnected() === false && there.isRedisConnected() === false);
    };
    const find = async () => {
      await redis.restart();
      await until(() => here.isRedisConnected() === true && there.isRedisConnected() === true);
    };

    test('no call waits or fails, and signals still reach their own process', async () => {
      await lose();
      const heard: string[] = [];
      here.operationSignals.subscribe(id => void heard.push(`moved ${id}`));
      here.workSignals.subscribe(id => void heard.push(`work ${id}`));

      here.stateChanges.publish([change('run', 'state')]);
      here.operationSignals.notify(operation('a'));
      here.workSignals.notify(operation('a'));
      await until(() => heard.length === 2);

      expect(heard.sort()).toEqual(['moved a', 'work a']);
    });

    test('subscriptions end, new ones are rejected, and both work again after its return', async () => {
      const before = hear(there);
      await lose();
      const meanwhile = hear(there);
      expect([before.missed(), meanwhile.missed()]).toEqual([1, 1]);

      await find();
      const after = hear(there);
      here.stateChanges.publish([change('run', 'after')]);
      await until(() => after.heard.length === 1);
      const woken: string[] = [];
      here.workSignals.subscribe(id => void woken.push(id));
      there.workSignals.notify(operation('b'));
      await until(() => woken.length === 1);

      expect([before, meanwhile, after].map(({ heard, missed }) => [heard.length, missed()])).toEqual([
        [0, 1],
        [0, 1],
        [1, 0],
      ]);
    });

    test('messaging closes', async () => {
      await lose();
      await Promise.all([here.close(), there.close()]);
      open.clear();
      expect(here.isRedisConnected()).toBe(false);
    });

    test('the log reports the loss and the return once each, without a password', async () => {
      log.length = 0;
      await lose();
      await find();
      const lines = log.map(line => JSON.parse(line) as { level: string; msg: string });
      const { host } = new URL(redis.url);
      const warnings = lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg);
      const others = lines.filter(({ level }) => level !== 'warn').map(({ msg }) => msg);

      expect(warnings).toEqual(
        [1, 2].map(() => expect.stringMatching(`^Redis at ${host} cannot be used \\(.+\\); trying again$`)),
      );
      expect(others).toEqual([1, 2].map(() => `connected to Redis at ${host}`));
      expect(log.join('')).not.toContain(redisPassword);
    });
  });

  test('a server that hangs does not delay closing', async () => {
    const messaging = await join({ takesWork: true });
    await redis.client.client('PAUSE', 30_000, 'ALL');
    const start = performance.now();
    await messaging.close();
    expect(performance.now() - start).toBeLessThan(5000);
    await redis.kill();
    await redis.restart();
  });

  test('listeners elsewhere are informed of missed changes when only the sender lost Redis', async () => {
    const reader = await join();
    const { heard, missed } = hear(reader);
    const connections = async () =>
      String(await redis.client.client('LIST'))
        .match(/(?<=^id=)\d+/gm)
        ?.map(String) ?? [];
    const others = await connections();
    const sender = await join({ watches: false });
    const its = (await connections()).filter(id => !others.includes(id));

    for (const id of its) await redis.client.client('KILL', 'ID', id);
    await until(() => sender.isRedisConnected() === false);
    sender.stateChanges.publish([change('run', 'lost')]);
    await until(() => missed() === 1);

    expect(heard).toEqual([]);
  });
});
