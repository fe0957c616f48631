import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Python with Prefect. */
export interface Prefect {
  python: string;
  version: string;
}

const pythons = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const question = `import sys
from importlib.metadata import PackageNotFoundError, version
try:
    found = version("prefect")
except PackageNotFoundError:
    found = ""
print(sys.version_info[0], sys.version_info[1], found)`;
const leastPythonMinor = 10;
const leastPrefectMinor = 7;
const install = `python3 -m pip install 'prefect==3.8.8' 'sqlalchemy<2.1'`;

/** What a Python has: its version 3.x, and the version of its Prefect, empty without one. Null where there is none. */
async function look(python: string): Promise<{ minor: number; version: string } | null> {
  try {
    const { stdout } = await run(python, ['-c', question], { timeout: 30_000 });
    const [major, minor, version = ''] = stdout.trim().split(' ');
    return major === '3' && Number(minor) >= leastPythonMinor ? { minor: Number(minor), version } : null;
  } catch {
    return null;
  }
}

const isNewEnough = (version: string): boolean => {
  const [major, minor] = version.split('.').map(Number);
  return major === 3 && (minor ?? 0) >= leastPrefectMinor;
};

/**
 * Finds a Python on the PATH that has Prefect 3.7 or newer. Installs nothing.
 *
 * @throws Error with one line that says what is missing, and how to get it.
 */
export async function findPrefect(): Promise<Prefect> {
  let old: string | null = null;
  let hasPython = false;
  for (const python of pythons) {
    const found = await look(python);
    if (found === null) continue;
    if (isNewEnough(found.version)) return { python, version: found.version };
    hasPython = true;
    if (found.version !== '') old ??= found.version;
  }
  if (!hasPython)
    throw new Error('This demo starts a Prefect server, and there is no Python 3.10 or newer on the PATH.');
  throw new Error(
    old === null
      ? `This demo starts a Prefect server, and no Python on the PATH has Prefect. Install it with: ${install}`
      : `This demo needs Prefect 3.7 or newer, and finds ${old}. Update it with: ${install}`,
  );
}
