import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from './cache';
import { findOnPath, lastLines, messageOf, run, runOrThrow } from './commands';
import type { Search } from './serverProgram';

/** A Prefect server program: a Python with the packages beside it, and a database that is migrated already. */
export interface PrefectProgram {
  python: string;
  /** Where the packages are. */
  packages: string;
  /** The file of an empty database, to be copied: to migrate one takes as long as to start a server. */
  database: string;
}

const prefectVersion = '3.8.8';
// With SQLAlchemy 2.1, which this version accepts, its scheduler makes no runs.
const requirements = [`prefect==${prefectVersion}`, 'fastapi==0.150.0', 'sqlalchemy<2.1'];
const pythons = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const minMinor = 10;
const maxMinor = 14;

/** Finds a Prefect server program; fetches it at the first use, into the cache. */
export async function findPrefect(): Promise<Search<PrefectProgram>> {
  const python = await findPython();
  if (python === null) return { found: false, reason: `there is no Python 3.${minMinor} or newer` };
  const name = `prefect-${prefectVersion}-python-3.${python.minor}`;
  try {
    const folder = await cachedFolder(name, unfinished => install(python.path, unfinished));
    return { found: true, thing: { python: python.path, ...contentsOf(folder) } };
  } catch (error) {
    return { found: false, reason: `Prefect could not be fetched: ${lastLines(messageOf(error), 1)}` };
  }
}

const contentsOf = (folder: string) => ({
  packages: join(folder, 'packages'),
  database: join(folder, 'empty.db'),
});

async function findPython(): Promise<{ path: string; minor: number } | null> {
  for (const name of pythons) {
    const path = findOnPath(name);
    if (path === null) continue;
    const { output } = await run(path, ['-c', 'import sys; print(sys.executable, *sys.version_info[:2])']);
    const [, executable = '', minor = ''] = /^(\S+) 3 (\d+)\s*$/.exec(output) ?? [];
    if (Number(minor) >= minMinor && Number(minor) <= maxMinor && existsSync(executable))
      return { path: executable, minor: Number(minor) };
  }
  return null;
}

async function install(python: string, folder: string): Promise<void> {
  console.log(`Installing Prefect ${prefectVersion} into the tests' cache`);
  const { packages, database } = contentsOf(folder);
  // Into a folder instead of a virtual environment: those need a module that Debian has in a package of its own.
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', packages];
  await runOrThrow(python, [...pip, ...requirements]);
  await runOrThrow(python, ['-m', 'prefect', 'server', 'database', 'upgrade', '--yes'], {
    environment: prefectEnvironment({ packages, home: join(folder, 'home'), database }),
  });
}

/** The environment of any command of Prefect. */
export const prefectEnvironment = (where: {
  packages: string;
  home: string;
  database: string;
}): Record<string, string> => ({
  PYTHONPATH: where.packages,
  PREFECT_HOME: where.home,
  PREFECT_API_DATABASE_CONNECTION_URL: `sqlite+aiosqlite:///${where.database}`,
  PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
  PREFECT_SERVER_UI_ENABLED: 'false',
  DO_NOT_TRACK: '1',
});
