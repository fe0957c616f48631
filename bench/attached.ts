import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endedStatuses } from '../src/domain/bulkOperationEnums';
import type { FlowRunId } from '../src/domain/identifiers';
import { systemClock } from '../src/domain/instant';
import { createUpstreamClient } from '../src/upstream/client/createUpstreamClient';
import type { UpstreamClient } from '../src/upstream/client/upstreamClient';
import { expectedStartPages } from '../src/upstream/mirror/expectedStartPages';
import { seedPrefect } from '../test/harness/prefectSeed';
import { startPrefectServer } from '../test/harness/prefectServer';
import { createOperator } from './support/operation';
import { type ServerProcess, send, startServer } from './support/process';
import type { Benchmark } from './support/report';
import { percentile, timed } from './support/statistics';

const runs = Number(process.env.BENCH_RUNS ?? 2000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
/** Runs that each side moves in a round. */
const moved = Math.min(200, Math.floor(runs / 2));
const inFlight = 4;

const median = (values: readonly number[]): number => percentile(values, 0.5);
const tagOf = (side: 'bare' | 'attached'): string => `bench-${side}`;

/** States that runs are moved to and fro between, by force, so that every run moves every time. */
const targets = ['CANCELLED', 'CRASHED'] as const;

/** Moves runs by guarded calls alone: what an operation could cost at the least. */
async function moveBare(client: UpstreamClient, ids: readonly FlowRunId[], round: number): Promise<void> {
  const found = await client.findFlowRunsByIds(ids);
  const waiting = [...found];
  const serve = async () => {
    for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) {
      const { id, stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime } = run.flowRun;
      if (stateId === null || stateType === null || stateName === null) throw new Error('a run has no state');
      const from = { stateId, stateType, stateName, startTime, endTime, nextScheduledStartTime };
      const answer = await client.setGuardedState({
        guard: { flowRunId: id, ...from },
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
async function walkBare(client: UpstreamClient): Promise<number> {
  let found = 0;
  const pages = expectedStartPages(
    client,
    systemClock(),
    { filter: {}, from: null },
    new AbortController().signal,
  );
  for await (const { rows } of pages) found += rows.length;
  return found;
}

interface MirrorAnswer {
  data: { server: { mirror: { lastWalk: string | null; phase: string } | null } };
}

/** Waits until the mirror has all runs. */
async function untilImported({ port }: ServerProcess, isDone: (phase: string) => boolean): Promise<void> {
  const agent = new Agent({ keepAlive: false });
  const body = { query: '{ server { mirror { phase lastWalk } } }' };
  for (;;) {
    const { data } = await send<MirrorAnswer>(agent, port, '/graphql', body);
    if (data.server.mirror !== null && isDone(data.server.mirror.phase)) return;
    await sleep(50);
  }
}

/**
 * A gateway that is attached to a Prefect server on SQLite on this machine: how long it takes to copy the runs, beside reading
 * them only; and how long an operation takes, beside the guarded calls alone, in turns.
 */
export const attached: Benchmark = async (_workshop, print) => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const prefect = await startPrefectServer();
  const seed = seedPrefect(prefect);
  const flowId = await seed.flow();
  const ids = await seed.runs(
    Array.from({ length: runs }, (_, index) => ({
      flowId,
      tags: index < moved ? [tagOf('bare')] : index < 2 * moved ? [tagOf('attached')] : [],
      states: [{ type: 'FAILED' as const }],
    })),
  );
  const bareIds = ids.slice(0, moved) as FlowRunId[];
  const client = createUpstreamClient({
    apiUrl: prefect.apiUrl,
    timeoutSeconds: 90,
    inFlight,
    userAgent: 'switchyard-bench',
  });
  const walk = await timed(() => walkBare(client));
  const start = performance.now();
  const gateway = await startServer('product', `file:${join(folder, 'mirror.db')}`, [], {
    PREFECT_API_URL: prefect.apiUrl,
    UPSTREAM_IN_FLIGHT: String(inFlight),
  });
  await untilImported(gateway, phase => phase !== 'WALKING');
  const imported = performance.now() - start - gateway.startSeconds * 1000;
  await untilImported(gateway, phase => phase === 'FOLLOWING');
  const operator = createOperator(gateway.port);
  const times = { bare: [] as number[], attached: [] as number[] };
  try {
    for (let round = 0; round < rounds; round++) {
      times.bare.push(await timed(() => moveBare(client, bareIds, round)));
      const operation = {
        state: { type: targets[round % targets.length], message: 'A benchmark.' },
        flowRuns: { tags: { all: [tagOf('attached')] } },
        force: true,
      };
      times.attached.push(
        await timed(async () => operator.until(await operator.start(operation), endedStatuses)),
      );
    }
  } finally {
    operator.close();
    await gateway.stop();
    await client.close();
    await prefect.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const perSecond = (milliseconds: readonly number[]) => moved / (median(milliseconds) / 1000);
  print({
    runs,
    'import to bare walk': imported / walk,
    'imported runs/s': runs / (imported / 1000),
    'in flight': inFlight,
    'bare calls runs/s': perSecond(times.bare),
    'operation runs/s': perSecond(times.attached),
    'of the bare calls': median(times.bare) / median(times.attached),
  });
};
