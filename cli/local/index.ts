import { createRequire } from 'node:module';
import type { OutputFormat } from '../output';
import type * as migrating from './migrate';
import type * as serving from './serve';

const load = createRequire(__filename);

/**
 * The commands that run on this machine instead of calling a gateway. Their code is loaded when one of them runs, so
 * that the others start at once.
 */
export const local = {
  serve: (options: serving.ServeOptions): Promise<void> =>
    (load('./serve') as typeof serving).serveHere(options),
  migrate: (step: migrating.MigrationStep, format: OutputFormat): Promise<void> =>
    (load('./migrate') as typeof migrating).migrateHere(step, format),
  /** Runs until it is stopped. */
  demo: (): unknown => load('./demo'),
};
