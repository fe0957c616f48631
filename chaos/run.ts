import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos';
import { isBroken, linesOf } from './report';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string' } },
});

async function run(): Promise<void> {
  const report = await runChaos({
    kills: Number(values.kills ?? 50),
    runs: Number(values.runs ?? 20_000),
    seed: Number(values.seed ?? randomInt(1_000_000)),
    say: line => console.log(line),
  });
  for (const line of linesOf(report)) console.log(line);
  process.exitCode = isBroken(report) ? 1 : 0;
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
