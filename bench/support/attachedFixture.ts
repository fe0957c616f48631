import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowRunId } from '../../src/domain/identifiers';
import { createUpstreamClient } from '../../src/upstream/client/createUpstreamClient';
import type { UpstreamClient } from '../../src/upstream/client/upstreamClient';
import { multiplyRuns } from '../../test/harness/multiplyRuns';
import { type PrefectSeed, seedPrefect } from '../../test/harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../test/harness/prefectServer';

/** A Prefect server with failed runs, and a place for the mirror of them. */
export interface AttachedFixture {
  prefect: PrefectServer;
  seed: PrefectSeed;
  client: UpstreamClient;
  databaseUrl: string;
  /** Runs with the tag of each group. */
  groups: Readonly<Record<RunGroup, readonly FlowRunId[]>>;
}

/** The groups of runs that are moved; all others are only read. */
export const runGroups = ['bare', 'operation', 'followed'] as const;
export type RunGroup = (typeof runGroups)[number];

/** The tag of the runs of a group. */
export const tagOf = (group: RunGroup): string => `bench-${group}`;

export const inFlight = 4;

async function fill(
  prefect: PrefectServer,
  seed: PrefectSeed,
  runs: number,
  inGroup: number,
): Promise<AttachedFixture['groups']> {
  const flowId = await seed.flow();
  const [template = ''] = await seed.runs([{ flowId, states: [{ type: 'RUNNING' }, { type: 'FAILED' }] }]);
  await prefect.kill();
  const copy = (count: number, tags: readonly string[]) =>
    multiplyRuns(prefect.databaseFile, template, count, tags) as FlowRunId[];
  const groups = {
    bare: copy(inGroup, [tagOf('bare')]),
    operation: copy(inGroup, [tagOf('operation')]),
    followed: copy(inGroup, [tagOf('followed')]),
  };
  copy(Math.max(0, runs - runGroups.length * inGroup - 1), []);
  await prefect.restart();
  return groups;
}

/**
 * Makes a Prefect server with some runs for the time of some work.
 *
 * @param inGroup how many runs each group has.
 */
export async function withAttachedFixture(
  runs: number,
  inGroup: number,
  work: (fixture: AttachedFixture) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  const prefect = await startPrefectServer().catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const client = createUpstreamClient({
    apiUrl: prefect.apiUrl,
    timeoutSeconds: 90,
    inFlight,
    userAgent: 'switchyard-bench',
  });
  try {
    const seed = seedPrefect(prefect);
    const groups = await fill(prefect, seed, runs, inGroup);
    await work({ prefect, seed, client, groups, databaseUrl: `file:${join(folder, 'mirror.db')}` });
  } finally {
    await client.close();
    await prefect.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
