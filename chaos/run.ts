import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runAttachedChaos } from './attached/chaos';
import { runChaos } from './chaos';
import { isBroken, linesOf } from './report';

const usage = 'npm run chaos -- [--attached] [--kills 50] [--runs 20000] [--seed N]';

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      attached: { type: 'boolean' },
      kills: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const chaos = values.attached ? runAttachedChaos : runChaos;
  const report = await chaos({
    kills: Number(values.kills ?? (values.attached ? 20 : 50)),
    runs: Number(values.runs ?? (values.attached ? 3000 : 20_000)),
    seed: Number(values.seed ?? randomInt(1_000_000)),
    say: line => console.log(line),
  });
  for (const line of linesOf(report)) console.log(line);
  process.exitCode = isBroken(report) ? 1 : 0;
}

const isMisspelt = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

run().catch((error: unknown) => {
  console.error(isMisspelt(error) ? `${error.message}\n${usage}` : error);
  process.exitCode = 1;
});
