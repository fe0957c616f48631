import { parseArgs } from 'node:util';
import { openWorkshop } from '../bench/support/fixture';
import { aimsOf, linesOf } from './report';
import { takeSets } from './sets';
import { runSoak } from './soak';

const usage = 'npm run soak -- [--minutes 10] [--clients 200] [--runs 1000000] [--pause 10]';
const runsOfClient = 50;
const idleSubscribers = 1000;
// A million runs and their states take 2.6 GB. With the default of 128 MB, most look-ups would wait for the disk.
const serverOptions = ['--innodb-buffer-pool-size=3G'];

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      clients: { type: 'string' },
      runs: { type: 'string' },
      pause: { type: 'string' },
    },
  });
  const seconds = Number(values.minutes ?? 10) * 60;
  const clients = Number(values.clients ?? 200);
  const runs = Number(values.runs ?? 1_000_000);
  const maxPauseSeconds = Number(values.pause ?? 10);
  if (!(seconds > 0 && maxPauseSeconds > 0) || !Number.isInteger(clients) || !Number.isInteger(runs))
    throw new RangeError(usage);
  const workshop = await openWorkshop(serverOptions);
  try {
    const { url } = await workshop.fixture('server', runs);
    const report = await runSoak({
      databaseUrl: url,
      sets: await takeSets(url, clients, runsOfClient),
      maxPauseSeconds,
      warmUpSeconds: Math.min(60, seconds / 2),
      seconds,
      settleSeconds: 10,
      idleSubscribers,
      idlePages: 200,
      say: line => console.log(line),
    });
    for (const line of linesOf(report)) console.log(line);
    if (report.exitCode !== 0 || aimsOf(report).some(({ value, below }) => !(value < below)))
      process.exitCode = 1;
  } finally {
    await workshop.close();
  }
}

const isMisspelt = (error: unknown): error is Error =>
  error instanceof RangeError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

run().catch((error: unknown) => {
  console.error(isMisspelt(error) ? `${error.message}\n${usage}` : error);
  process.exitCode = 1;
});
