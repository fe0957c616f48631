import { findDatabases } from '../test/databases/availability';
import { isContinuousIntegration, messageOf } from '../test/databases/commands';
import { installSystemPackages } from '../test/databases/systemPackages';
import { findChromium } from '../test/harness/chromium';

/** Gets what the tests need and npm cannot bring, and says what is missing. */
async function prepare(): Promise<void> {
  await installSystemPackages();
  await findDatabases();
  if (findChromium() !== null) return;
  const advice = 'no Chromium or Chrome on PATH';
  if (isContinuousIntegration()) throw new Error(`The browser tests cannot run: ${advice}.`);
  console.log(`The browser tests are left out: ${advice}.`);
}

prepare().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
