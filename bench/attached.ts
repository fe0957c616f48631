import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { endedStatuses } from '../src/domain/bulkOperationEnums';
import type { FlowRunId } from '../src/domain/identifiers';
import { systemClock } from '../src/domain/instant';
import type { UpstreamClient } from '../src/upstream/client/upstreamClient';
import { expectedStartPages } from '../src/upstream/mirror/expectedStartPages';
import { guardOf } from '../test/harness/guardOf';
import type { PrefectSeed } from '../test/harness/prefectSeed';
import { type AttachedFixture, inFlight, tagOf, withAttachedFixture } from './support/attachedFixture';
import { createOperator } from './support/operation';
import { type ServerProcess, send, startServer } from './support/process';
import type { Benchmark, Print } from './support/report';
import { percentile, summarize, timed } from './support/statistics';

const runs = Number(process.env.BENCH_RUNS ?? 20_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
/** Runs that each side moves in a round. */
const moved = Math.min(600, Math.floor(runs / 4));
const pages = 200;
const warmingPages = 50;
const pollMilliseconds = 10;
/** How often the mirror is asked how far it is: each question takes time from what is measured. */
const mirrorPollMilliseconds = 100;

const median = (values: readonly number[]): number => percentile(values, 0.5);

/** States that runs are moved to and fro between, by force, so that every run moves every time. */
const targets = ['CANCELLED', 'CRASHED'] as const;

/** Moves runs by guarded calls alone: what an operation could cost at the least. */
async function moveBare(client: UpstreamClient, ids: readonly FlowRunId[], round: number): Promise<void> {
  const { rows: waiting } = await client.findFlowRunsByIds(ids);
  const serve = async () => {
    for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) {
      const answer = await client.setGuardedState({
        guard: guardOf(run),
        transitionId: randomUUID(),
        proposal: { type: targets[round % targets.length] ?? 'CANCELLED', message: 'A benchmark.' },
        force: true,
      });
      if (answer?.status !== 'ACCEPT')
        throw new Error(`a bare call was not accepted: ${JSON.stringify(answer)}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, serve));
}

/** Reads all runs, page by page without rests, as the import does. */
async function walkBare(client: UpstreamClient): Promise<void> {
  let found = 0;
  const all = { filter: {}, from: null };
  for await (const { rows } of expectedStartPages(client, systemClock(), all)) found += rows.length;
  if (found !== runs) throw new Error(`the walk found ${found} runs of ${runs}`);
}

interface SeenMirror {
  phase: string;
  /** When the last walk ended; null: the first has not ended yet. */
  lastWalk: string | null;
}

/** Waits until the mirror is as it should be. */
async function untilMirror({ port }: ServerProcess, isDone: (seen: SeenMirror) => boolean): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const body = { query: '{ server { mirror { phase lastWalk } } }' };
  for (;;) {
    const { data } = await send<{ data: { server: { mirror: SeenMirror | null } } }>(
      agent,
      port,
      '/graphql',
      body,
    );
    if (data.server.mirror !== null && isDone(data.server.mirror)) break;
    await sleep(mirrorPollMilliseconds);
  }
  agent.destroy();
}

const attach = ({ databaseUrl, prefect }: AttachedFixture): Promise<ServerProcess> =>
  startServer('product', databaseUrl, [], {
    PREFECT_API_URL: prefect.apiUrl,
    UPSTREAM_IN_FLIGHT: String(inFlight),
  });

/** Copies all runs beside reading them only, from when the gateway is ready. */
async function measureImport(fixture: AttachedFixture, print: Print): Promise<ServerProcess> {
  const walk = await timed(() => walkBare(fixture.client));
  const begun = performance.now();
  const gateway = await attach(fixture);
  await untilMirror(gateway, ({ lastWalk }) => lastWalk !== null);
  const imported = performance.now() - begun - gateway.startSeconds * 1000;
  print({
    measured: 'import',
    runs,
    'bare walk s': walk / 1000,
    'import s': imported / 1000,
    ratio: imported / walk,
  });
  return gateway;
}

/** Moves runs by an operation, and as many by guarded calls alone, in turns. */
async function measureOperations(
  { client, groups }: AttachedFixture,
  { port }: ServerProcess,
  print: Print,
): Promise<void> {
  const operator = createOperator(port);
  const times = { bare: [] as number[], attached: [] as number[] };
  try {
    for (let round = 0; round < rounds; round++) {
      times.bare.push(await timed(() => moveBare(client, groups.bare, round)));
      const operation = {
        state: { type: targets[round % targets.length], message: 'A benchmark.' },
        flowRuns: { tags: { all: [tagOf('operation')] } },
        force: true,
      };
      times.attached.push(
        await timed(async () => operator.until(await operator.start(operation), endedStatuses)),
      );
    }
  } finally {
    operator.close();
  }
  const perSecond = (milliseconds: readonly number[]) => moved / (median(milliseconds) / 1000);
  print({
    measured: 'operation',
    'in flight': inFlight,
    'bare calls runs/s': perSecond(times.bare),
    'operation runs/s': perSecond(times.attached),
    ratio: median(times.bare) / median(times.attached),
  });
}

interface PageAnswer {
  data: { flowRuns: { nodes: { stateName: string }[] } };
}

const readPage = (agent: Agent, port: number, filter: object, first: number): Promise<PageAnswer> =>
  send<PageAnswer>(agent, port, '/graphql', {
    query: `query ($filter: FlowRunFilter, $first: Int) { flowRuns(filter: $filter, first: $first) {
      nodes { id name stateName tags flow { name } } pageInfo { endCursor } } }`,
    variables: { filter, first },
  });

/** Has another client move runs, and measures from its response until the mirror shows the new state. */
async function measureLag(
  { groups }: AttachedFixture,
  seed: PrefectSeed,
  { port }: ServerProcess,
  print: Print,
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const lags: number[] = [];
  const left = groups.followed.values();
  const work = async () => {
    for (const id of left) {
      await seed.move(id, { type: 'CRASHED', name: 'Moved' });
      const begun = performance.now();
      const find = () => readPage(agent, port, { id: { any: [id] } }, 1);
      while ((await find()).data.flowRuns.nodes[0]?.stateName !== 'Moved') await sleep(pollMilliseconds);
      lags.push(performance.now() - begun);
    }
  };
  await Promise.all([work(), work()]);
  agent.destroy();
  const { calls, p50, p95 } = summarize(lags);
  print({ measured: 'lag of moves', runs: calls, 'p50 ms': p50, 'p95 ms': p95 });
}

async function timePages({ port }: ServerProcess): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  for (let page = 0; page < pages + warmingPages; page++) {
    const time = await timed(() => readPage(agent, port, {}, 50));
    if (page >= warmingPages) times.push(time);
  }
  agent.destroy();
  return times;
}

/** Reads pages of 50 from the mirror, and the same from the same rows as a store of its own. */
async function measurePages(fixture: AttachedFixture, attached: ServerProcess, print: Print): Promise<void> {
  const mirror = await timePages(attached);
  await attached.stop();
  const own = await startServer('product', fixture.databaseUrl);
  try {
    const store = await timePages(own);
    print({
      measured: 'page of 50',
      'mirror p50 ms': median(mirror),
      'own store p50 ms': median(store),
      ratio: median(mirror) / median(store),
    });
  } finally {
    await own.stop();
  }
}

/**
 * A gateway that is attached to a Prefect server on SQLite on this machine: copying the runs beside reading them only, an operation
 * beside the guarded calls alone, how late the mirror is behind moves of another client, and pages on the mirror beside pages on a
 * store of its own.
 */
export const attached: Benchmark = (_workshop, print) =>
  withAttachedFixture(runs, moved, async fixture => {
    const gateway = await measureImport(fixture, print);
    try {
      await untilMirror(gateway, ({ phase }) => phase === 'FOLLOWING');
      await measureOperations(fixture, gateway, print);
      await measureLag(fixture, fixture.seed, gateway, print);
      await measurePages(fixture, gateway, print);
    } finally {
      await gateway.stop();
    }
  });
