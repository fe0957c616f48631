import { setTimeout as pause } from 'node:timers/promises';
import { ConfigurationError } from '../config/config';
import type { Logger } from '../platform/logging';
import { isDatabaseUnavailable } from '../transitions/databaseErrors';
import type { SupportedVersion } from './checkVersion';
import type { UpstreamClient } from './client/upstreamClient';
import { claimDatabase } from './mirror/claimDatabase';
import type { MirrorServices } from './mirror/copyFlowRuns';
import { ServerRefusedError, waitForServer } from './waitForServer';

/** What is known of a server that was looked for, and may be found later. */
export interface ServerReach {
  /** What this program can do with it; null until it responds. */
  readonly support: SupportedVersion | null;
  /** Why it is not reached yet, as a sentence; null once it is. */
  readonly problem: string | null;
  /**
   * Resolves once the server is reached and the database is its mirror: true; or once `stop` is called before: false.
   *
   * @throws ConfigurationError where the server does not accept this process or is none that it can work with, or the database is
   *   not its mirror.
   */
  readonly reached: Promise<boolean>;
  /** Looks for it no longer. */
  stop(): void;
}

const databaseMilliseconds = 1000;

/** Claims the database for a server as soon as the database takes that. */
async function claimWhenPossible(
  services: Pick<MirrorServices, 'database' | 'clock' | 'reportUnavailable'>,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      return await claimDatabase(services, address);
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      services.reportUnavailable('the mirror waits for its database', error);
      await pause(databaseMilliseconds, undefined, { signal });
    }
  }
}

/** Looks for a server until it responds, and makes the database its mirror then. One that does not respond is logged. */
export function reachServer(
  services: Pick<MirrorServices, 'database' | 'clock' | 'reportUnavailable'>,
  client: UpstreamClient,
  logger: Logger,
): ServerReach {
  const stopping = new AbortController();
  const { signal } = stopping;
  let support: SupportedVersion | null = null;
  let problem = '';

  async function reach(): Promise<boolean> {
    try {
      const found = await waitForServer(
        client,
        ({ message }, seconds) => {
          problem = ` (${message})`;
          logger.warn(`the Prefect server does not respond: ${message} Trying again in ${seconds} s`);
        },
        signal,
      );
      await claimWhenPossible(services, client.address, signal);
      support = found;
    } catch (error) {
      if (signal.aborted) return false;
      throw error instanceof ServerRefusedError ? new ConfigurationError([error.message]) : error;
    }
    if (support.kind === 'readOnly') logger.warn(support.reason);
    logger.info({ server: client.address, version: support.version }, 'attached to a Prefect server');
    return true;
  }

  const reached = reach();
  // Its failure belongs to the process, which waits for it once it listens; until then it is no unhandled one.
  reached.catch(() => undefined);
  return {
    get support() {
      return support;
    },
    get problem() {
      return support === null
        ? `The Prefect server at ${client.address} has not responded yet${problem}.`
        : null;
    },
    reached,
    stop: () => stopping.abort(),
  };
}
