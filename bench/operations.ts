import { Agent } from 'node:http';
import { createClient } from 'graphql-sse';
import { endedStatuses } from '../src/domain/bulkOperationEnums';
import { callMainJob } from './support/call';
import type { Fixture, Kind, Workshop } from './support/fixture';
import { createOperator, type Operator } from './support/operation';
import { makeLedger, moveByHand } from './support/operationFloor';
import { residentMegabytes, startServer } from './support/process';
import type { Benchmark } from './support/report';
import { percentile, timed } from './support/statistics';
import { openServerStore } from './support/store';

const runsOf = (fallback: number): number => Number(process.env.BENCH_RUNS ?? fallback);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

/** States that runs are moved to and fro between, by force, so that every run moves every time. */
const targets = [
  { type: 'CANCELLED', name: 'Cancelled' },
  { type: 'CRASHED', name: 'Crashed' },
] as const;
const targetOf = (turn: number) => targets[turn % targets.length] ?? targets[0];

const everyRun = (turn: number) => ({
  state: { type: targetOf(turn).type, message: 'A benchmark.' },
  flowRuns: {},
  all: true,
  force: true,
});

const middle = (values: readonly number[]): number => percentile(values, 0.5);

async function allIds({ store }: Fixture): Promise<string[]> {
  const rows = await store.all('SELECT id FROM flow_run ORDER BY id DESC');
  return rows.map(({ id }) => String(id));
}

/** From the call to the end, selection included. */
const runAll = (operator: Operator, turn: number): Promise<number> =>
  timed(async () => operator.until(await operator.start(everyRun(turn)), endedStatuses));

async function openFloor(fixture: Fixture): Promise<(ids: readonly string[], turn: number) => Promise<void>> {
  const { store, suffix } = await fixture.floorStore();
  await makeLedger(store, suffix);
  return (ids, turn) => moveByHand(store, suffix, ids, targetOf(turn));
}

const oneWorker =
  (kind: Kind): Benchmark =>
  async (workshop, print) => {
    const fixture = await workshop.fixture(kind, runsOf(100_000));
    const byHand = await openFloor(fixture);
    const ids = await allIds(fixture);
    const product = await startServer('product', fixture.url);
    const operator = createOperator(product.port);
    const times = { floor: [] as number[], product: [] as number[], plan: [] as number[] };
    try {
      for (let round = 0; round < rounds; round++) {
        times.floor.push(await timed(() => byHand(ids, round)));
        times.product.push(await runAll(operator, round));
        times.plan.push(
          await timed(async () => operator.until(await operator.plan(everyRun(round + 1)), ['PLANNED'])),
        );
      }
    } finally {
      operator.close();
      await product.stop();
    }
    const perSecond = (milliseconds: readonly number[]) => fixture.runs / (middle(milliseconds) / 1000);
    print({
      database: kind,
      runs: fixture.runs,
      rounds,
      'floor runs/s': perSecond(times.floor),
      'one worker runs/s': perSecond(times.product),
      'of the floor': middle(times.floor) / middle(times.product),
      'plan runs/s': perSecond(times.plan),
      'plan to real': middle(times.product) / middle(times.plan),
    });
  };

/** All runs by one worker, and a plan of them, against the same rows written by hand on one connection. */
export const operations = oneWorker('server');

/** The same on the embedded database. */
export const operationsEmbedded = oneWorker('embedded');

/** Two processes with a worker each against one, and two connections that write by hand against one. */
export const operationsTwoWorkers: Benchmark = async (workshop, print) => {
  const fixture = await workshop.fixture('server', runsOf(100_000));
  const byHand = await openFloor(fixture);
  const other = await openServerStore(fixture.url);
  const ids = await allIds(fixture);
  const half = Math.floor(ids.length / 2);
  const times = {
    one: [] as number[],
    two: [] as number[],
    floorOne: [] as number[],
    floorTwo: [] as number[],
  };
  const first = await startServer('product', fixture.url);
  const operator = createOperator(first.port);
  try {
    for (let round = 0; round < rounds; round++) {
      times.floorOne.push(await timed(() => byHand(ids, round)));
      times.floorTwo.push(
        await timed(() =>
          Promise.all([
            byHand(ids.slice(0, half), round + 1),
            moveByHand(other, '_floor', ids.slice(half), targetOf(round + 1)),
          ]),
        ),
      );
      times.one.push(await runAll(operator, round));
      const second = await startServer('product', fixture.url);
      times.two.push(await runAll(operator, round + 1));
      await second.stop();
    }
  } finally {
    operator.close();
    await first.stop();
    await other.close();
  }
  print({
    database: 'server',
    runs: fixture.runs,
    rounds,
    'one worker s': middle(times.one) / 1000,
    'two workers s': middle(times.two) / 1000,
    gain: middle(times.one) / middle(times.two),
    'gain of the floor': middle(times.floorOne) / middle(times.floorTwo),
  });
};

/** Reads every item of an operation, as a client over server-sent events; returns how many there were. */
async function readItems(port: number, id: string): Promise<number> {
  const client = createClient({ url: `http://127.0.0.1:${port}/graphql`, retryAttempts: 5 });
  let count = 0;
  const query = `subscription { bulkOperationItems(id: "${id}") { position flowRunId status } }`;
  for await (const { data } of client.iterate<{ bulkOperationItems: { position: number } }>({ query })) {
    count++;
    if (data?.bulkOperationItems.position !== count)
      throw new Error(`item ${count} has the position ${data?.bulkOperationItems.position}`);
  }
  client.dispose();
  return count;
}

interface Moment {
  at: number;
  decided: number;
}

/** How many runs were decided in a second, between two counts of decided runs. */
function speedBetween(moments: readonly Moment[], from: number, to: number): number {
  const start = moments.find(({ decided }) => decided >= from);
  const end = moments.find(({ decided }) => decided >= to) ?? moments.at(-1);
  if (!start || !end || end.at === start.at) return 0;
  return (end.decided - start.decided) / ((end.at - start.at) / 1000);
}

/** A million runs: whether speed and memory stay, with a subscriber that reads every item. */
export const operationsMillion: Benchmark = async (workshop, print) => {
  const fixture = await workshop.fixture('server', runsOf(1_000_000));
  const tenth = Math.floor(fixture.runs / 10);
  const product = await startServer('product', fixture.url);
  const operator = createOperator(product.port);
  try {
    const idle = residentMegabytes(product.processId);
    let most = idle;
    const moments: Moment[] = [];
    const id = await operator.start(everyRun(0));
    const reading = readItems(product.port, id);
    const spent = await timed(() =>
      operator.until(id, endedStatuses, ({ counts }) => {
        most = Math.max(most, residentMegabytes(product.processId));
        moments.push({ at: performance.now(), decided: counts.matched - counts.pending });
      }),
    );
    const deciding = moments.filter(({ decided }) => decided > 0);
    const first = speedBetween(deciding, 1, tenth);
    const last = speedBetween(deciding, fixture.runs - tenth, fixture.runs);
    print({
      database: 'server',
      runs: fixture.runs,
      seconds: spent / 1000,
      'first tenth runs/s': first,
      'last tenth runs/s': last,
      'last to first': last / first,
      'idle MB': idle,
      'most MB': Math.max(most, residentMegabytes(product.processId)),
      'items read': await reading,
      'MB after reading': residentMegabytes(product.processId),
    });
  } finally {
    operator.close();
    await product.stop();
  }
};

const measuredCalls = 60;

/** How a 50-run call and a small operation fare while a large operation runs. */
export const operationsBeside: Benchmark = async (workshop: Workshop, print) => {
  const fixture = await workshop.fixture('server', runsOf(250_000));
  const product = await startServer('product', fixture.url);
  const operator = createOperator(product.port);
  const agent = new Agent({ keepAlive: true });
  const call = async (ids: string[]) => timed(() => callMainJob(agent, product.port, ids, 'accepted'));
  try {
    for (const ids of fixture.takeSets(20)) await call(ids);
    const idle: number[] = [];
    for (const ids of fixture.takeSets(measuredCalls)) idle.push(await call(ids));
    const large = await operator.start({
      state: { type: 'CRASHED', message: 'A benchmark.' },
      flowRuns: { state: { type: { notAny: ['RUNNING', 'CANCELLING'] } } },
      force: true,
    });
    await operator.until(large, ['RUNNING']);
    const busy: number[] = [];
    for (const ids of fixture.takeSets(measuredCalls)) busy.push(await call(ids));
    const small = fixture.takeSets(2).flat();
    const smallSeconds =
      (await timed(async () =>
        operator.until(
          await operator.start({ state: { type: 'CRASHED' }, flowRuns: { id: { any: small } }, force: true }),
          endedStatuses,
        ),
      )) / 1000;
    const after = await operator.find(large);
    await operator.until(large, endedStatuses);
    print({
      database: 'server',
      runs: fixture.runs,
      'idle p50 ms': percentile(idle, 0.5),
      'idle p95 ms': percentile(idle, 0.95),
      'beside p50 ms': percentile(busy, 0.5),
      'beside p95 ms': percentile(busy, 0.95),
      'p95 ratio': percentile(busy, 0.95) / percentile(idle, 0.95),
      'operation of 100 runs s': smallSeconds,
      'large one then': `${after.status}, ${after.counts.pending} pending`,
    });
  } finally {
    agent.destroy();
    operator.close();
    await product.stop();
  }
};
