import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConsoleBrowser, startConsoleBrowser } from './consoleBrowser';
import { startGateway, type TestGateway } from './gateway';
import { seedingThrough } from './seeding';

/** What the runs of a test start with. */
export interface ConsoleRun {
  readonly state: { readonly type: string; readonly message?: string };
  readonly parameters?: object;
}

/** A gateway on an embedded database of its own, with one deployment, and a browser for its console. */
export interface ConsoleFixture {
  readonly gateway: TestGateway;
  readonly browser: ConsoleBrowser;
  /** The address of the console. */
  readonly address: string;
  /** Makes runs with a tag of their own, by which they are named too, newest last; returns their ids. */
  createRuns(count: number, tag: string, run: ConsoleRun): Promise<string[]>;
  close(): Promise<void>;
}

/** The gateway takes no more runs in one call. */
const maxRunsPerCall = 1000;

/** Starts a gateway and a browser for its console. */
export async function startConsole(): Promise<ConsoleFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-console-'));
  const [gateway, browser] = await Promise.all([
    startGateway(`file:${join(folder, 'runs.db')}`),
    startConsoleBrowser(),
  ]);
  const seeding = seedingThrough(gateway.ask);
  const flowId = await seeding.createFlow('etl');
  const deploymentId = await seeding.createDeployment({ flowId, name: 'production' });
  return {
    gateway,
    browser,
    address: gateway.url.replace('/graphql', '/console'),
    async createRuns(count, tag, run) {
      const ids: string[] = [];
      for (let made = 0; made < count; made += maxRunsPerCall) {
        const runs = Array.from({ length: Math.min(maxRunsPerCall, count - made) }, (_, index) => ({
          flowId,
          deploymentId,
          name: `${tag}-${made + index}`,
          tags: [tag],
          ...run,
        }));
        ids.push(...(await seeding.createFlowRuns(runs)));
      }
      return ids;
    },
    async close() {
      await browser.close();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
