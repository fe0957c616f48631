import { startBackgroundServices } from './background';
import type { Runner } from './background/runner';
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
  const { attachment } = services;
  let work: Runner[] = [];
  let isFinishing = false;
  const begin = (isReached: boolean) => {
    if (!isReached || isFinishing || !takesWork(role)) return;
    work = [
      startWorker(services, operationSettingsOf(config)),
      startBackgroundServices(services, attachment === null ? config : withoutOwnMoves(config), logger),
      ...(attachment === null ? [] : [attachment.startMirror()]),
    ];
  };
  stopper.run(
    {
      finish: graceSeconds => {
        isFinishing = true;
        attachment?.stopReaching();
        return Promise.all([server.close(graceSeconds), ...work.map(one => one.stop())]);
      },
      close: () => services.close(),
    },
    config.shutdownSeconds,
  );
  // Only now: a supervisor that reads it may send a signal.
  const path = servesClients(role) ? '/graphql' : '/readyz';
  logger.info({ role, database: services.database.kind }, `listening on http://${host}:${port}${path}`);
  // Without its server a gateway serves reads, and nothing is to be done.
  if (attachment === null) begin(true);
  else attachment.reached.then(begin).catch((error: unknown) => stopper.fail(error));
}
