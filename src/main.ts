import { openApplication } from './application';
import { startBackgroundServices } from './background';
import { ConfigurationError, readConfig } from './config';
import { createLogger } from './logging';
import { keepMemoryFlat } from './memory';
import { operationSettingsOf } from './operations/settings';
import { startWorker } from './operations/worker';
import { createServer } from './server';

async function start(): Promise<void> {
  keepMemoryFlat();
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const services = await openApplication(config, logger);
  const server = createServer({ config, services, logger });
  const worker = startWorker(services, operationSettingsOf(config));
  const { host, port } = await server.listen();
  logger.info({ database: services.database.kind }, `listening on http://${host}:${port}/graphql`);
  const background = startBackgroundServices(services, config, logger);

  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    logger.info(`${signal}: finishing what is in hand`);
    await Promise.all([server.close(config.shutdownSeconds), worker.stop(), background.stop()]);
    await services.database.close();
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
  const isOurs = error instanceof ConfigurationError;
  console.error(isOurs ? error.message : error);
  process.exitCode = isOurs ? 2 : 1;
});
