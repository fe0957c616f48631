import { Agent } from 'node:http';
import { callMainJob, type Outcome } from './support/call';
import type { Fixture, Kind } from './support/fixture';
import { startServer } from './support/process';
import type { Benchmark, ReportRow } from './support/report';
import { summarize, timed } from './support/statistics';

const measuredCalls = 60;
const warmingCalls = 15;
/** So many calls a server has answered when it is measured: one that runs for days has its code compiled. */
const earlierCalls = 200;

/** Has both servers answer calls that change nothing. */
async function warm(ports: readonly number[], sets: readonly string[][]): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (let number = 0; number < earlierCalls; number++) {
    const ids = sets[number % sets.length] ?? [];
    for (const port of ports) await callMainJob(agent, port, ids, 'declined');
  }
  agent.destroy();
}

async function measure(
  fixture: Fixture,
  ports: { product: number; empty: number },
  outcome: Outcome,
  sets: readonly string[][],
): Promise<ReportRow> {
  const agent = new Agent({ keepAlive: true });
  const floor = await fixture.floor();
  const work = {
    product: (ids: string[]) => callMainJob(agent, ports.product, ids, outcome),
    floor: (ids: string[]) => floor[outcome](ids),
    empty: (ids: string[]) => callMainJob(agent, ports.empty, ids, outcome),
  };
  const names = ['product', 'floor', 'empty'] as const;
  const times = { product: [] as number[], floor: [] as number[], empty: [] as number[] };
  for (const [number, ids] of sets.entries()) {
    // Each goes first as often as the others.
    for (let place = 0; place < names.length; place++) {
      const name = names[(number + place) % names.length] ?? 'product';
      const time = await timed(() => work[name](ids));
      if (number >= warmingCalls) times[name].push(time);
    }
  }
  agent.destroy();
  const [product, hand, empty] = names.map(name => summarize(times[name]));
  if (!product || !hand || !empty) throw new Error('nothing was measured');
  return {
    database: fixture.kind,
    runs: fixture.runs,
    outcome,
    calls: product.calls,
    'p50 ms': product.p50,
    'floor p50': hand.p50,
    'empty p50': empty.p50,
    'p50 ratio': product.p50 / (hand.p50 + empty.p50),
    'p95 ms': product.p95,
    'floor p95': hand.p95,
    'empty p95': empty.p95,
    'p95 ratio': product.p95 / (hand.p95 + empty.p95),
  };
}

const mainJobOn =
  (kind: Kind): Benchmark =>
  async (workshop, print) => {
    for (const runs of [10_000, 100_000]) {
      const fixture = await workshop.fixture(kind, runs);
      await fixture.floor();
      const [product, empty] = [await startServer('product', fixture.url), await startServer('empty')];
      const ports = { product: product.port, empty: empty.port };
      try {
        const sets = fixture.takeSets(measuredCalls + warmingCalls);
        await warm([product.port, empty.port], sets);
        // What is declined changes nothing, so the same runs can be moved afterwards.
        for (const outcome of ['declined', 'accepted'] as const)
          print(await measure(fixture, ports, outcome, sets));
      } finally {
        await product.stop();
        await empty.stop();
      }
    }
  };

/** 50 running runs to CANCELLING, against the same change by hand and an empty call, on a server. */
export const mainJob = mainJobOn('server');

/** The same on the embedded database. */
export const mainJobEmbedded = mainJobOn('embedded');
