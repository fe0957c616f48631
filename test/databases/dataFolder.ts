import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from './cache';
import { findOnPath } from './commands';
import { guardFolder } from './guard';
import { asRoot, ended, launch, launchCommand, readLog, type ServerFolder } from './serverProcess';
import type { ServerProgram } from './serverProgram';

/** Makes a server's data folder, empty but for what the server itself needs. */
export async function makeDataFolder(program: ServerProgram, destination: string): Promise<void> {
  // A server takes seconds to make one, a copy is made in no time.
  const template = await cachedFolder(`empty-${program.kind}-${program.version}`, path =>
    initialise(program, path),
  );
  await cp(join(template, 'data'), destination, { recursive: true });
}

async function initialise(program: ServerProgram, path: string): Promise<void> {
  const folder = { path, guard: guardFolder(path) };
  const child = program.kind === 'mysql' ? initialiseMysql(program, folder) : initialiseMariadb(folder);
  if ((await ended(child)) === 0) return folder.guard.release();
  const log = await readLog(folder);
  await folder.guard.finish();
  throw new Error(`${program.kind} could not make its data folder:\n${log}`);
}

const initialiseMysql = (program: ServerProgram, folder: ServerFolder) =>
  launch(program, folder, ['--initialize-insecure']);

function initialiseMariadb(folder: ServerFolder) {
  const installer = findOnPath('mariadb-install-db');
  if (installer === null) throw new Error('mariadb-install-db is not on PATH');
  return launchCommand(installer, folder, [
    '--no-defaults',
    `--datadir=${join(folder.path, 'data')}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot(),
  ]);
}
