import { findDatabases } from '../test/databases/availability';
import { findOnPath, isContinuousIntegration, messageOf } from '../test/databases/commands';
import { findPrefect } from '../test/databases/prefect';
import { findRedis } from '../test/databases/redis';
import { installSystemPackages } from '../test/databases/systemPackages';
import { findChromium } from '../test/harness/chromium';

/** Gets what the tests need and npm cannot bring, and says what is missing. */
async function prepare(): Promise<void> {
  await installSystemPackages();
  await findDatabases();
  mayBeLeftOut('browser tests', findChromium() === null ? 'no Chromium or Chrome on PATH' : null);
  mayBeLeftOut('tests with Redis', findRedis() === null ? 'redis-server is not on PATH' : null);
  const prefect = await findPrefect();
  mayBeLeftOut('tests with a Prefect server', prefect.found ? null : prefect.reason);
  for (const shell of ['zsh', 'fish'])
    mayBeLeftOut(`tests with ${shell}`, findOnPath(shell) === null ? `${shell} is not on PATH` : null);
}

function mayBeLeftOut(tests: string, reason: string | null): void {
  if (reason === null) return;
  if (isContinuousIntegration()) throw new Error(`The ${tests} cannot run: ${reason}.`);
  console.log(`The ${tests} are left out: ${reason}.`);
}

prepare().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
