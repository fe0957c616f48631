import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApplication } from '../../src/bootstrap';
import { readConfig } from '../../src/config/config';
import { createLogger } from '../../src/platform/logging';
import { runAttached } from './attached/runAttached';
import { hasRows } from './filters';
import { playRecording, type Recording } from './play';

const isRecording = (value: unknown): value is Recording =>
  typeof value === 'object' && value !== null && ('cases' in value || 'queries' in value);

/** The recordings of a folder, those of filters first: they need a database without other runs. */
function readFolder(folder: string): Recording[] {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  const files = readdirSync(folder).filter(file => file.endsWith('.json'));
  const contents = files.map((file): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return contents.filter(isRecording).sort((one, other) => Number('cases' in one) - Number('cases' in other));
}

async function run(folder: string, databaseUrl: string): Promise<boolean> {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    MIGRATE: 'on',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
  });
  const services = await openApplication(config, createLogger(config.logLevel));
  const recordings = readFolder(folder);
  if (recordings.length === 0) throw new Error(`${folder} holds no recorded cases`);
  let passed = 0;
  let failed = 0;
  try {
    if (recordings.some(recording => 'queries' in recording) && (await hasRows(services))) {
      throw new Error(
        'the database is not empty, and filters are tried on their own runs alone: name an empty one',
      );
    }
    for (const recording of recordings) {
      for await (const { id, differences } of playRecording(services, recording)) {
        if (differences.length === 0) passed++;
        else {
          failed++;
          console.log([id, ...differences.slice(0, 5)].join('\n  '));
        }
      }
    }
  } finally {
    await services.database.close();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

const usage = 'npm run conformance -- [--attached] DIR';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { attached: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error(`name the folder of recorded cases: ${usage}`);
  const own = process.env.DATABASE_URL ? null : mkdtempSync(join(tmpdir(), 'switchyard-conformance-'));
  try {
    const url = process.env.DATABASE_URL ?? `file:${join(own ?? '', 'conformance.db')}`;
    const cases = () =>
      readFolder(folder).flatMap(recording => ('cases' in recording ? recording.cases : []));
    const isPassed = values.attached ? await runAttached(cases(), url, console.log) : await run(folder, url);
    if (!isPassed) process.exitCode = 1;
  } finally {
    if (own !== null) rmSync(own, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
