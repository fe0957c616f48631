import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { addSeconds, systemClock } from '../src/domain/instant';
import { openWorld, type World } from './background/world';
import { describeOnEveryDatabase } from './harness/databases';

const root = resolve(__dirname, '..');
const children: ChildProcess[] = [];

/** Starts the process, and answers what it logs, line by line. */
function startMain(settings: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, 'scripts/run.js'), join(root, 'src/main.ts')], {
    cwd: root,
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    exit: once(child, 'exit'),
    /** The next line that says this. */
    async logged(text: string): Promise<Record<string, unknown>> {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`the process ended without saying: ${text}`);
        const line = JSON.parse(value) as Record<string, unknown>;
        if (String(line.msg).includes(text)) return line;
      }
    },
  };
}

describeOnEveryDatabase('the process', database => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(database.url, addSeconds(systemClock()(), -1000));
  });
  afterAll(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await world?.close();
  });

  test('runs the background services, and ends cleanly when it is told to', async () => {
    const parent = await world.make('CANCELLING');
    const child = await world.subflow(parent, 'RUNNING');
    const { logged, exit, child: main } = startMain({ DATABASE_URL: database.url });
    expect(await logged('cancelling timeout')).toMatchObject({ service: 'cancelling timeout', changed: 1 });
    expect(await logged('cancellation cleanup')).toMatchObject({ changed: 1 });
    expect(await world.stateOf(child)).toMatchObject({ type: 'CANCELLED' });
    main.kill('SIGTERM');
    await logged('stopped');
    expect(await exit).toEqual([0, null]);
  }, 60_000);
});
