import type { BackgroundService } from '../../src/background/backgroundService';
import { type Runner, startRunner } from '../../src/background/runner';
import { createLogger } from '../../src/platform/logging';
import { describeOnDatabases, describeOnEveryDatabase } from '../harness/databases';
import { openWorld, type World } from './world';

const logger = createLogger('silent');

/** Something that a test waits for, and opens when it likes. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { open, opened };
}

/** A service whose batches begin and end on command of the test. */
function heldService(batches: number) {
  const [begun, end] = [gate(), gate()];
  const finished: number[] = [];
  const service: BackgroundService = {
    name: 'held',
    async *run() {
      for (let batch = 1; batch <= batches; batch++) {
        begun.open();
        await end.opened;
        finished.push(batch);
        yield 1;
      }
    },
  };
  return { service, begun, end, finished };
}

/** A service whose every run has the result that the test gives it. */
const service = (name: string, work: () => Promise<void>): BackgroundService => ({
  name,
  async *run() {
    await work();
    yield 0;
  },
});

describeOnEveryDatabase('the runner of background services', database => {
  let world: World;
  const runners: Runner[] = [];
  const start = (...backgroundServices: BackgroundService[]): Runner => {
    const runner = startRunner(world.services, backgroundServices, 0.01, logger);
    runners.push(runner);
    return runner;
  };
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterEach(async () => {
    for (const runner of runners.splice(0)) await runner.stop();
  });
  afterAll(() => world?.close());

  test('runs each service at once, and repeatedly', async () => {
    const often = gate();
    const ran: string[] = [];
    start(
      service('first', async () => void ran.push('first')),
      service('second', async () => {
        ran.push('second');
        if (ran.length === 6) often.open();
      }),
    );
    await often.opened;
    expect(ran).toEqual(['first', 'second', 'first', 'second', 'first', 'second']);
  });

  test('reports a service that fails, continues with the others, and repeats it', async () => {
    const recovered = gate();
    let runs = 0;
    start(
      service('failing', async () => {
        if (++runs === 1) throw new Error('broken');
        recovered.open();
      }),
      service('other', async () => undefined),
    );
    await recovered.opened;
    expect(world.reported).toMatchObject([{ message: 'broken' }]);
  });

  test('stops after the current batch, and starts no other', async () => {
    const { service: held, begun, end, finished } = heldService(3);
    const runner = start(held);
    await begun.opened;
    let isStopped = false;
    const stopped = runner.stop().finally(() => {
      isStopped = true;
    });
    await world.services.database.isReady();
    expect(isStopped).toBe(false);
    end.open();
    await stopped;
    expect(finished).toEqual([1]);
  });

  test('stops at once during a pause', async () => {
    const ran = gate();
    const runner = startRunner(world.services, [service('once', async () => ran.open())], 86_400, logger);
    await ran.opened;
    await runner.stop();
  });

  test('runs nothing without services', async () => {
    await start().stop();
  });

  test('does not run a service that already runs in the process', async () => {
    const { service: held, begun, end } = heldService(1);
    start(held);
    await begun.opened;
    const passedOver = gate();
    let ran = 0;
    start(
      service('held', async () => void ran++),
      service('next', async () => passedOver.open()),
    );
    await passedOver.opened;
    expect(ran).toBe(0);
    end.open();
  });
});

describeOnDatabases(['mysql', 'mariadb'], 'background services of several processes', database => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url);
  });
  afterAll(() => world?.close());

  test('run in one process at a time, and in another one once that is gone', async () => {
    const [one, other] = [await world.join(), await world.join()];
    const { opened, open } = gate();
    const begun = gate();
    const first = one.database.exclusively('turns', async () => {
      begun.open();
      await opened;
      return 'first';
    });
    await begun.opened;
    const tried = () => other.database.exclusively('turns', async () => 'second');
    expect(await tried()).toBeNull();
    expect(await other.database.exclusively('else', async () => 'second')).toBe('second');
    open();
    expect(await first).toBe('first');
    expect(await tried()).toBe('second');
    await expect(
      one.database.exclusively('turns', async () => {
        throw new Error('broken');
      }),
    ).rejects.toThrow('broken');
    expect(await tried()).toBe('second');
  });
});
