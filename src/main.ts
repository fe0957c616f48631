import { openApplication } from './application';
import { startBackgroundServices } from './background';
import { ConfigurationError, readConfig } from './config';
import { answersClients, CommandLineError, readRole, takesWork } from './configuration/role';
import { createLogger, type Logger } from './logging';
import { keepMemoryFlat } from './memory';
import { operationSettingsOf } from './operations/settings';
import { startWorker } from './operations/worker';
import { createServer } from './server';
import { createHealthServer } from './server/healthServer';

/** What closing takes, once nothing is in hand any more. */
const closingSeconds = 2;

/** Ends the process where it is not through in time: the database rolls back what was not committed, as after a kill. */
function leaveAfter(seconds: number, logger: Logger): void {
  const leave = () => {
    logger.error('what is in hand takes longer than SHUTDOWN_SECONDS: leaving it to be rolled back');
    process.exit(1);
  };
  setTimeout(leave, seconds * 1000).unref();
}

async function start(): Promise<void> {
  keepMemoryFlat();
  const role = readRole(process.argv.slice(2));
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const services = await openApplication(config, logger, role);
  const server = answersClients(role)
    ? createServer({ config, services, logger })
    : createHealthServer(config, services, logger);
  const { host, port } = await server.listen().catch(async (error: unknown) => {
    // What is left open would keep a process alive that serves nobody.
    await services.close();
    throw error;
  });
  const worker = takesWork(role) ? startWorker(services, operationSettingsOf(config)) : null;
  const path = answersClients(role) ? '/graphql' : '/readyz';
  logger.info({ role, database: services.database.kind }, `listening on http://${host}:${port}${path}`);
  const background = takesWork(role) ? startBackgroundServices(services, config, logger) : null;

  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    logger.info(`${signal}: finishing what is in hand`);
    leaveAfter(config.shutdownSeconds + closingSeconds, logger);
    await Promise.all([server.close(config.shutdownSeconds), worker?.stop(), background?.stop()]);
    await services.close();
    logger.info('stopped');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'could not stop cleanly');
        process.exitCode = 1;
      });
    });
  }
}

start().catch((error: unknown) => {
  const isOurs = error instanceof ConfigurationError || error instanceof CommandLineError;
  console.error(isOurs ? error.message : error);
  process.exitCode = isOurs ? 2 : 1;
});
