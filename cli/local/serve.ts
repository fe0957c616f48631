import { ConfigurationError } from '../../src/config/config';
import { readRole } from '../../src/config/role';
import { serve } from '../../src/serve';
import { UsageError } from '../errors';

/** The options of `serve`; what is absent comes from the environment. */
export interface ServeOptions {
  readonly role: string;
  readonly port?: number;
  readonly host?: string;
}

/**
 * Starts a process of a role. It runs until a signal stops it.
 *
 * @throws UsageError for settings that are invalid.
 */
export async function serveHere({ role, port, host }: ServeOptions): Promise<void> {
  try {
    await serve(readRole(['--role', role]), {
      ...process.env,
      ...(port !== undefined && { PORT: String(port) }),
      ...(host !== undefined && { HOST: host }),
    });
  } catch (error) {
    throw error instanceof ConfigurationError ? new UsageError(error.message) : error;
  }
}
