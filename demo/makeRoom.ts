import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Config } from '../src/config/config';
import { listenOn } from '../src/http/sockets/listen';

/**
 * Removes the database of an earlier demo. A demo that runs already has the port, and keeps its database.
 *
 * @throws ConfigurationError where the port is taken.
 */
export async function makeRoom(config: Config, file: string): Promise<void> {
  const probe = createServer();
  await listenOn(probe, config);
  await new Promise<void>(resolve => {
    probe.close(() => resolve());
  });
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}
