import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMariadb, startMysql } from '../test/databases/server';
import { createDatabase } from '../test/databases/sql';
import { type FuzzReport, runFuzz } from './fuzz';

const usage = 'npm run fuzz -- [--calls 20000] [--seed N] [--database embedded|mysql|mariadb]';

const kinds = ['embedded', 'mysql', 'mariadb'] as const;
type Kind = (typeof kinds)[number];

interface Place {
  readonly url: string;
  remove(): Promise<void>;
}

async function placeOf(kind: Kind): Promise<Place> {
  if (kind === 'embedded') {
    const folder = await mkdtemp(join(tmpdir(), 'switchyard-fuzz-'));
    return {
      url: `file:${join(folder, 'fuzz.db')}`,
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const server = await (kind === 'mysql' ? startMysql() : startMariadb());
  return { url: await createDatabase(server.url), remove: () => server.stop() };
}

function linesOf({ statuses, refused, findings, slowestLivez, exitCode }: FuzzReport): string[] {
  const counts = [...statuses].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    `responses: ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}`,
    `refused as a whole: ${refused}`,
    `longest /livez: ${slowestLivez.toFixed(0)} ms; exit code ${exitCode}`,
    `findings: ${findings.length}`,
  ];
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { calls: { type: 'string' }, seed: { type: 'string' }, database: { type: 'string' } },
  });
  const calls = Number(values.calls ?? 20_000);
  const seed = Number(values.seed ?? randomInt(1_000_000));
  const chosen = kinds.filter(kind => values.database === undefined || values.database === kind);
  if (chosen.length === 0 || !Number.isInteger(calls) || !Number.isInteger(seed)) throw new RangeError(usage);
  for (const kind of chosen) {
    const place = await placeOf(kind);
    try {
      const share = Math.ceil(calls / chosen.length);
      console.log(`${kind}: ${share} calls, seed ${seed}`);
      const report = await runFuzz({
        databaseUrl: place.url,
        calls: share,
        seed,
        say: line => console.log(line),
      });
      for (const line of linesOf(report)) console.log(line);
      if (report.findings.length > 0 || report.exitCode !== 0) process.exitCode = 1;
    } finally {
      await place.remove();
    }
  }
}

const isMisspelt = (error: unknown): error is Error =>
  error instanceof RangeError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

run().catch((error: unknown) => {
  console.error(isMisspelt(error) ? `${error.message}\n${usage}` : error);
  process.exitCode = 1;
});
