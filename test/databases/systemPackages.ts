import { findChromium } from '../harness/chromium';
import { findOnPath, isContinuousIntegration, isRoot, lastLines, run } from './commands';
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
  { name: 'chromium', isThere: () => findChromium() !== null },
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
  const missing = packages.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (missing.length === 0 || !isContinuousIntegration() || !isRoot() || findOnPath('apt-get') === null)
    return;

  console.log(`Installing ${missing.join(', ')}`);
  // A source that fails to update may not be the one that is needed; the installation shows.
  await aptGet(['update']);
  const { code, output } = await aptGet(['install', '--yes', '--no-install-recommends', ...missing]);
  if (code !== 0) throw new Error(`apt-get could not install ${missing.join(', ')}:\n${lastLines(output)}`);
}

const aptGet = (command: readonly string[]) =>
  run('apt-get', ['--quiet', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2', ...command], {
    environment: { DEBIAN_FRONTEND: 'noninteractive' },
  });
