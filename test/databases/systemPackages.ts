import { findChromium, headlessShell } from '../harness/chromium';
import { findOnPath, isContinuousIntegration, isRoot, lastLines, messageOf, run } from './commands';
import { findRedis } from './redis';

const isOnPath = (program: string) => () => findOnPath(program) !== null;

// The bare server without the service around it, which would be started on the usual port.
const packages = [
  { name: 'mariadb-server-core', isThere: isOnPath('mariadbd') },
  // What makes a data folder asks for it.
  { name: 'mariadb-client-core', isThere: isOnPath('my_print_defaults') },
  // There is no bare one. Where nothing starts services, as in a container, this one is not started either.
  { name: 'redis-server', isThere: () => findRedis() !== null },
  // Issues the certificates of the tests with TLS.
  { name: 'openssl', isThere: isOnPath('openssl') },
  // Runs the Prefect servers of the tests; pip brings those, and both come from one package source.
  { name: 'python3', isThere: isOnPath('python3') },
  { name: 'python3-pip', isThere: isOnPath('pip3') },
  // Run what the command line prints for their completion.
  { name: 'zsh', isThere: isOnPath('zsh') },
  { name: 'fish', isThere: isOnPath('fish') },
];

/**
 * On a build machine that is Debian, installs what the tests need and npm cannot bring: a MariaDB server, a
 * Redis server, OpenSSL, Python, a browser and two shells. Elsewhere it does nothing: a developer's machine is not to be changed by a
 * test run.
 */
export async function installSystemPackages(): Promise<void> {
  if (!isContinuousIntegration() || !isRoot() || findOnPath('apt-get') === null) return;
  const missing = packages.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  const lacksShell = findOnPath(headlessShell) === null;
  if (missing.length === 0 && !lacksShell) return;

  // A source that fails to update may not be the one that is needed; the installation shows.
  await aptGet(['update']);
  if (missing.length > 0) await install(missing);
  if (lacksShell) await installBrowser();
}

/** Installs the browser that takes the least time; any other that is there does where it cannot be installed. */
async function installBrowser(): Promise<void> {
  try {
    await install([headlessShell]);
  } catch (error) {
    if (findChromium() === null) await install(['chromium']);
    else console.log(messageOf(error));
  }
}

async function install(names: readonly string[]): Promise<void> {
  console.log(`Installing ${names.join(', ')}`);
  const { code, output } = await aptGet(['install', '--yes', '--no-install-recommends', ...names]);
  if (code !== 0) throw new Error(`apt-get could not install ${names.join(', ')}:\n${lastLines(output)}`);
}

const aptGet = (command: readonly string[]) =>
  run('apt-get', ['--quiet', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2', ...command], {
    environment: { DEBIAN_FRONTEND: 'noninteractive' },
  });
