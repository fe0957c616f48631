import { version } from '../package.json';
import type { Runner } from './background/runner';
import type { Config } from './config/config';
import type { Logger } from './platform/logging';
import { settleWithin } from './platform/settleWithin';
import type { Services } from './transitions/services';
import { createUpstreamClient } from './upstream/client/createUpstreamClient';
import { createSender } from './upstream/executor/createSender';
import { createUpstreamExecutor } from './upstream/executor/createUpstreamExecutor';
import { reportMispredictions } from './upstream/executor/reportMispredictions';
import { checkDatabase } from './upstream/mirror/claimDatabase';
import { createMirrorAccess } from './upstream/mirror/createMirrorAccess';
import { startMirror } from './upstream/mirror/startMirror';
import { reachServer } from './upstream/reachServer';

/** How long before its own time limit a call that sends transitions responds. */
const responseMilliseconds = 2000;

/** How long a server is waited for before the process listens without it. */
const firstMilliseconds = 1000;

/** The Prefect server that a gateway is attached to. */
export interface Attachment {
  executor: Services['executor'];
  /** Resolves once the server is reached: true; or once the attachment is closed before: false. Fails with ConfigurationError. */
  reached: Promise<boolean>;
  /** Starts what copies its runs and follows their changes. The server must be reached. */
  startMirror: () => Runner;
  /** Stops looking for the server, where it is not reached. */
  stopReaching(): void;
  /** Ends open connections to it. */
  close(): Promise<void>;
}

/**
 * Attaches services to the Prefect server of a configuration. One that does not respond is looked for from then on, and that is
 * logged: reads need none.
 *
 * @throws ConfigurationError where the database belongs to another server or has runs of its own, and where the server responds
 *   at once, and does not accept this process or is none that it can work with. One that responds later lets `reached` fail.
 */
export async function attach(
  config: Config & { prefectApiUrl: string },
  services: Services,
  logger: Logger,
): Promise<Attachment> {
  const client = createUpstreamClient({
    apiUrl: config.prefectApiUrl,
    apiKey: config.prefectApiKey,
    authString: config.prefectApiAuthString,
    timeoutSeconds: config.upstreamTimeoutSeconds,
    inFlight: config.upstreamInFlight,
    requestsPerMinute: config.upstreamRequestsPerMinute,
    userAgent: `switchyard/${version}`,
    onUnreadable: (found, detail) =>
      logger.warn(
        { ...found, detail },
        'a row of the Prefect server cannot be read or stored: its copy stays as it was',
      ),
  });
  await checkDatabase(services, client.address);
  const reach = reachServer(services, client, logger);
  if (await settleWithin(firstMilliseconds, reach.reached))
    await reach.reached.catch(async (error: unknown) => {
      await client.close();
      throw error;
    });
  const mirror = createMirrorAccess(services, client);
  const sender = createSender({
    client,
    inFlight: config.upstreamInFlight,
    timeoutSeconds: config.upstreamTimeoutSeconds,
    clock: services.clock,
    monotonicClock: services.monotonicClock,
    refresh: ids => mirror.refresh(ids),
    onMispredicted: reportMispredictions(services, () => mirror.countMispredicted()),
  });
  const executor = createUpstreamExecutor({
    client,
    sender,
    mirror,
    callMilliseconds: Math.max(0, config.requestTimeoutSeconds * 1000 - responseMilliseconds),
    reach,
  });
  const mirrorSettings = {
    sweepSeconds: config.upstreamSweepSeconds,
    walkHours: config.upstreamWalkHours,
  };
  return {
    executor,
    reached: reach.reached,
    startMirror: () => startMirror(services, client, mirrorSettings, logger),
    stopReaching: reach.stop,
    close: () => client.close(),
  };
}
