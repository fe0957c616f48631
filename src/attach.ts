import { version } from '../package.json';
import type { Runner } from './background/runner';
import { type Config, ConfigurationError } from './config/config';
import type { Logger } from './platform/logging';
import type { Services } from './transitions/services';
import { createUpstreamClient } from './upstream/client/createUpstreamClient';
import type { UpstreamClient } from './upstream/client/upstreamClient';
import { createSender } from './upstream/executor/createSender';
import { createUpstreamExecutor } from './upstream/executor/createUpstreamExecutor';
import { reportMispredictions } from './upstream/executor/reportMispredictions';
import { claimDatabase } from './upstream/mirror/claimDatabase';
import { createMirrorAccess } from './upstream/mirror/createMirrorAccess';
import { startMirror } from './upstream/mirror/startMirror';
import { ServerRefusedError, waitForServer } from './upstream/waitForServer';

/** How long before its own time limit a call that sends transitions responds. */
const responseMilliseconds = 2000;

/** The Prefect server that a gateway is attached to. */
export interface Attachment {
  client: UpstreamClient;
  executor: Services['executor'];
  /** Starts what copies its runs and follows their changes. */
  startMirror: () => Runner;
}

/**
 * Attaches services to the Prefect server of a configuration. Waits for a server that does not respond yet, and logs that.
 *
 * @throws ConfigurationError where the server does not accept this process, or is none that it can work with,
 *   and where the database belongs to another server or has runs of its own.
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
  });
  const support = await waitForServer(client, ({ message }, seconds) =>
    logger.warn(`the Prefect server does not respond: ${message} Trying again in ${seconds} s`),
  ).catch(async (error: unknown) => {
    await client.close();
    if (error instanceof ServerRefusedError) throw new ConfigurationError([error.message]);
    throw error;
  });
  await claimDatabase(services, client.address).catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  if (support.kind === 'readOnly') logger.warn(support.reason);
  logger.info({ server: client.address, version: support.version }, 'attached to a Prefect server');
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
    refusalOfTransitions: support.kind === 'readOnly' ? support.reason : null,
  });
  const mirrorSettings = {
    sweepSeconds: config.upstreamSweepSeconds,
    walkHours: config.upstreamWalkHours,
  };
  return { client, executor, startMirror: () => startMirror(services, client, mirrorSettings, logger) };
}
