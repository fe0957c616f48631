import type { Random } from '../../bench/support/random';
import { startMysql } from '../../test/databases/server';
import { createDatabase } from '../../test/databases/sql';
import { multiplyRuns } from '../../test/harness/multiplyRuns';
import { type PrefectSeed, seedPrefect } from '../../test/harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../test/harness/prefectServer';
import { type Members, startMembers } from '../members';
import type { Victim } from '../victim';
import { type OperationKind, operationKinds } from './operationKinds';

/** A Prefect server with runs, and several processes of the product that are attached to it and share a MySQL server. */
export interface AttachedInstallation extends Members {
  databaseUrl: string;
  prefectUrl: string;
  /** The runs of each kind. */
  runs: ReadonlyMap<OperationKind, readonly string[]>;
}

const gateways = 2;
const workers = 2;

/** Makes one run of each kind as clients do, and copies them in the file of the server. */
async function populate(
  server: PrefectServer,
  seed: PrefectSeed,
  runs: number,
): Promise<Map<OperationKind, string[]>> {
  const flowId = await seed.flow();
  const deploymentId = await seed.deployment(flowId);
  const made = new Map<OperationKind, string>();
  for (const kind of operationKinds) {
    const [id = ''] = await seed.runs([{ ...kind.run, flowId, deploymentId, tags: [kind.name] }]);
    made.set(kind, id);
  }
  await server.kill();
  const copies = Math.ceil(runs / operationKinds.length) - 1;
  const all = new Map(
    [...made].map(([kind, id]) => [kind, [id, ...multiplyRuns(server.databaseFile, id, copies)]]),
  );
  await server.restart();
  return all;
}

/** Starts a Prefect server with some runs, a MySQL server, gateways and workers. */
export async function startAttachedInstallation(random: Random, runs: number): Promise<AttachedInstallation> {
  const prefect = await startPrefectServer();
  const mysql = await startMysql();
  const populated = await populate(prefect, seedPrefect(prefect), runs);
  const databaseUrl = await createDatabase(mysql.url);
  const settings = { PREFECT_API_URL: prefect.apiUrl };
  const members = startMembers({ gateways, workers, databaseUrl, settings, random });
  const server: Victim = { name: 'prefect', kind: 'prefect', kill: prefect.kill, restart: prefect.restart };
  return {
    ...members,
    databaseUrl,
    prefectUrl: prefect.apiUrl,
    runs: populated,
    victims: [...members.victims, server],
    async close() {
      await members.close();
      await mysql.stop();
      await prefect.stop();
    },
  };
}
