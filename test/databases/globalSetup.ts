import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { buildProduct } from '../harness/buildProduct';
import { type Availability, databaseKinds, findDatabases } from './availability';
import { fastFolder } from './fastFolder';
import { type Guard, guardFolder } from './guard';
import { offerServers, type ServersOnDemand } from './onDemand';
import { findPrefect } from './prefect';
import { announceTestRun } from './testRun';

declare global {
  /** Handed from the setup to the teardown, between which jest stores nothing else. */
  var switchyardTestRun: { servers: ServersOnDemand; guard: Guard; warnings: string[] } | undefined;
}

/** Before all tests: builds what changed of the product, finds the databases and passes their addresses to the tests. */
export default async function globalSetup(): Promise<void> {
  buildProduct();
  const available = await findDatabases();
  const prefect = await findPrefect();
  const folder = await mkdtemp(join(await fastFolder(), 'switchyard-tests-'));
  const servers = await offerServers(available, {
    program: prefect.found ? prefect.thing : null,
    home: join(folder, 'prefect'),
  });
  const { sources, leftOut } = available;
  announceTestRun({
    address: servers.address,
    folder,
    kinds: databaseKinds.filter(kind => leftOut.every(left => left.kind !== kind)),
    startable: (['mysql', 'mariadb'] as const).filter(kind => sources[kind]?.type === 'startable'),
    missingPrefect: prefect.found ? null : prefect.reason,
  });

  const warnings = leftOut.map(({ kind, reason }) => `Not tested on ${kind}: ${reason}`);
  if (!prefect.found) warnings.push(`Not tested with a Prefect server: ${prefect.reason}`);
  globalThis.switchyardTestRun = { servers, guard: guardFolder(folder), warnings };
  console.log([`\nTesting on ${describe(available)}`, ...warnings].join('\n'));
}

function describe({ sources, leftOut }: Availability): string {
  const servers = Object.entries(sources).map(([kind, source]) =>
    source.type === 'running' ? `${kind} ${source.version}` : `${kind} ${source.program.version}`,
  );
  const embedded = leftOut.some(({ kind }) => kind === 'embedded') ? [] : ['embedded'];
  return [...embedded, ...servers].join(', ');
}
