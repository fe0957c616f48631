import { startBackgroundServices } from './background';
import { withoutOwnMoves } from './background/withoutOwnMoves';
import { openApplication } from './bootstrap';
import { readConfig } from './config/config';
import { type Role, servesClients, takesWork } from './config/role';
import { createServer } from './http/server';
import { createHealthServer } from './http/sockets/healthServer';
import { operationSettingsOf } from './operations/settings';
import { startWorker } from './operations/worker/worker';
import { limitHeapGrowth } from './platform/limitHeapGrowth';
import { createLogger } from './platform/logging';
import { createStopper } from './stopping';

/**
 * Starts what a role asks for. The process ends by a signal, and finishes the work in progress first.
 *
 * @param environment the settings.
 * @throws ConfigurationError for settings that are invalid.
 */
export async function serve(role: Role, environment: NodeJS.ProcessEnv): Promise<void> {
  limitHeapGrowth();
  const config = readConfig(environment);
  const logger = createLogger(config.logLevel);
  const stopper = createStopper(logger);
  const services = await openApplication(config, logger, role);
  const server = servesClients(role)
    ? createServer({ config, services, logger })
    : createHealthServer(config, services, logger);
  const { host, port } = await server.listen().catch(async (error: unknown) => {
    // Open resources would prevent the exit of a process that serves no client.
    await services.close();
    throw error;
  });
  const worker = takesWork(role) ? startWorker(services, operationSettingsOf(config)) : null;
  const path = servesClients(role) ? '/graphql' : '/readyz';
  logger.info({ role, database: services.database.kind }, `listening on http://${host}:${port}${path}`);
  const { attachment } = services;
  const mirror = takesWork(role) ? attachment?.startMirror() : null;
  const background = takesWork(role)
    ? startBackgroundServices(services, attachment === null ? config : withoutOwnMoves(config), logger)
    : null;

  stopper.run(
    {
      finish: graceSeconds =>
        Promise.all([server.close(graceSeconds), worker?.stop(), mirror?.stop(), background?.stop()]),
      close: () => services.close(),
    },
    config.shutdownSeconds,
  );
}
