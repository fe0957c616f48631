import { findDatabases } from '../test/databases/availability';
import { findOnPath, isContinuousIntegration, messageOf } from '../test/databases/commands';
import { findRedis } from '../test/databases/redis';
import { installSystemPackages } from '../test/databases/systemPackages';
import { findChromium } from '../test/harness/chromium';

/** Gets what the tests need and npm cannot bring, and says what is missing. */
async function prepare(): Promise<void> {
  await installSystemPackages();
  await findDatabases();
  mayBeLeftOut('browser tests', findChromium(), 'no Chromium or Chrome on PATH');
  mayBeLeftOut('tests with Redis', findRedis(), 'redis-server is not on PATH');
  for (const shell of ['zsh', 'fish'])
    mayBeLeftOut(`tests with ${shell}`, findOnPath(shell), `${shell} is not on PATH`);
}

function mayBeLeftOut(tests: string, program: string | null, reason: string): void {
  if (program !== null) return;
  if (isContinuousIntegration()) throw new Error(`The ${tests} cannot run: ${reason}.`);
  console.log(`The ${tests} are left out: ${reason}.`);
}

prepare().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
