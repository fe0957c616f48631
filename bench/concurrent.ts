import { Agent } from 'node:http';
import { callMainJob, runsInCall } from './support/call';
import type { Fixture } from './support/fixture';
import { startServer } from './support/process';
import type { Benchmark } from './support/report';
import { percentile, timed } from './support/statistics';

const clients = 32;
const rounds = 4;
const callsOfOneClient = 24;
const callsOfEach = 3;

async function countMoved({ store }: Fixture): Promise<{ states: number; runs: number }> {
  const [states] = await store.all("SELECT COUNT(*) AS count FROM flow_run_state WHERE type = 'CANCELLING'");
  const [runs] = await store.all("SELECT COUNT(*) AS count FROM flow_run WHERE state_type = 'CANCELLING'");
  return { states: Number(states?.count), runs: Number(runs?.count) };
}

/** Many clients at once, each on runs of its own, against one client. */
export const concurrent: Benchmark = async (workshop, print) => {
  for (const kind of ['server', 'embedded'] as const) {
    const fixture = await workshop.fixture(kind, 100_000);
    const product = await startServer('product', fixture.url);
    const before = await countMoved(fixture);
    const times = { alone: [] as number[], together: [] as number[] };
    const spent = { alone: 0, together: 0 };
    let errors = 0;
    let done = 0;
    const agent = new Agent({ keepAlive: true });
    const call = async (kept: number[], ids: string[]): Promise<void> => {
      try {
        kept.push(await timed(() => callMainJob(agent, product.port, ids, 'accepted')));
        done++;
      } catch (error) {
        errors++;
        console.error(String(error).slice(0, 300));
      }
    };
    try {
      for (const ids of fixture.takeSets(20)) await call([], ids);
      for (let round = 0; round < rounds; round++) {
        const alone = fixture.takeSets(callsOfOneClient);
        spent.alone += await timed(async () => {
          for (const ids of alone) await call(times.alone, ids);
        });
        const together = Array.from({ length: clients }, () => fixture.takeSets(callsOfEach));
        spent.together += await timed(() =>
          Promise.all(
            together.map(async sets => {
              for (const ids of sets) await call(times.together, ids);
            }),
          ),
        );
      }
      const after = await countMoved(fixture);
      const perSecond = {
        alone: times.alone.length / (spent.alone / 1000),
        together: times.together.length / (spent.together / 1000),
      };
      print({
        database: kind,
        clients,
        'calls/s alone': perSecond.alone,
        'calls/s together': perSecond.together,
        'throughput ratio': perSecond.together / perSecond.alone,
        'p50 ms together': percentile(times.together, 0.5),
        'p95 ms together': percentile(times.together, 0.95),
        errors,
        'states expected': done * runsInCall,
        'states written': after.states - before.states,
        'runs moved': after.runs - before.runs,
      });
    } finally {
      agent.destroy();
      await product.stop();
    }
  }
};
