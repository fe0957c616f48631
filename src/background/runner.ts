import { setTimeout as wait } from 'node:timers/promises';
import { SwitchyardError } from '../domain/errors';
import type { Logger } from '../platform/logging';
import { toClientError } from '../transitions/databaseErrors';
import type { Services } from '../transitions/services';
import type { BackgroundService } from './backgroundService';

/** The running background services. */
export interface Runner {
  /** Waits for the batch in progress and stops. */
  stop(): Promise<void>;
}

/**
 * Runs services one after another, at once and then again after each pause. Skips a service that another process
 * runs, and retries a failed one in the next round.
 */
export function startRunner(
  services: Services,
  backgroundServices: readonly BackgroundService[],
  pauseSeconds: number,
  logger: Logger,
): Runner {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(service: BackgroundService, lost: AbortSignal): Promise<void> {
    const { name } = service;
    for await (const changed of service.run(services)) {
      if (changed > 0) logger.info({ service: name, changed }, `${name}: ${changed} changed`);
      if (signal.aborted || lost.aborted) return;
    }
  }

  function report({ name }: BackgroundService, error: unknown): void {
    const clientError = toClientError(error);
    if (clientError instanceof SwitchyardError && clientError.code === 'UNAVAILABLE')
      services.reportUnavailable(`background services try again in ${pauseSeconds} s`, error);
    else services.reportError(`${name}: a background service failed`, error, { service: name });
  }

  async function runAll(): Promise<void> {
    while (!signal.aborted) {
      for (const service of backgroundServices) {
        if (signal.aborted) return;
        await services.database
          .exclusively(service.name, lost => run(service, lost))
          .catch((error: unknown) => report(service, error));
      }
      await wait(pauseSeconds * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = backgroundServices.length === 0 ? Promise.resolve() : runAll();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
