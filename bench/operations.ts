import type { Fixture } from './support/fixture';
import { createOperator, ended, type Operator } from './support/operation';
import { copyLedger, moveByHand } from './support/operationFloor';
import { startServer } from './support/process';
import type { Benchmark } from './support/report';
import { timed } from './support/statistics';
import { openServerStore } from './support/store';

/** States that runs are moved to and fro between, by force, so that every run moves every time. */
const targets = [
  { type: 'CANCELLED', name: 'Cancelled' },
  { type: 'CRASHED', name: 'Crashed' },
] as const;

const everyRun = (turn: number) => ({
  state: { type: targets[turn % targets.length]?.type, message: 'A benchmark.' },
  flowRuns: {},
  all: true,
  force: true,
});

async function allIds({ store }: Fixture): Promise<string[]> {
  const rows = await store.all('SELECT id FROM flow_run ORDER BY id DESC');
  return rows.map(({ id }) => String(id));
}

const runAll = (operator: Operator, turn: number) =>
  timed(async () => operator.until(await operator.start(everyRun(turn)), ended));

/** Any number of runs at once, against the same change by hand. */
export const operations: Benchmark = async (workshop, print) => {
  const fixture = await workshop.fixture('server', Number(process.env.BENCH_RUNS ?? 100_000));
  await fixture.floor();
  await copyLedger(fixture.store, '_floor');
  const ids = await allIds(fixture);
  const perSecond = (milliseconds: number) => fixture.runs / (milliseconds / 1000);

  const first = await startServer('product', fixture.url);
  const operator = createOperator(first.port);
  try {
    const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
    const times = { floor: [] as number[], product: [] as number[], plan: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      times.floor.push(
        await timed(() => moveByHand(fixture.store, '_floor', ids, targets[round % 2] ?? targets[0])),
      );
      times.product.push(await runAll(operator, round));
      times.plan.push(
        await timed(async () => operator.until(await operator.plan(everyRun(round + 1)), ['PLANNED'])),
      );
    }
    const best = (values: number[]) => Math.min(...values);
    print({
      database: fixture.kind,
      runs: fixture.runs,
      'floor runs/s': perSecond(best(times.floor)),
      'one worker runs/s': perSecond(best(times.product)),
      'of the floor': best(times.floor) / best(times.product),
      'plan runs/s': perSecond(best(times.plan)),
      all: JSON.stringify(times),
    });
  } finally {
    operator.close();
    await first.stop();
  }
};

export { openServerStore };
