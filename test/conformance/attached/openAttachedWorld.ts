import { openApplication } from '../../../src/bootstrap';
import { readConfig } from '../../../src/config/config';
import { createLogger } from '../../../src/platform/logging';
import { seedPrefect } from '../../harness/prefectSeed';
import { startPrefectServer } from '../../harness/prefectServer';
import type { AttachedWorld } from './playAttached';

/** An attached gateway with a Prefect server of its own. */
export interface OpenWorld extends AttachedWorld {
  close(): Promise<void>;
}

/** Starts a Prefect server, and opens a gateway without a port that is attached to it, on an empty database. */
export async function openAttachedWorld(databaseUrl: string): Promise<OpenWorld> {
  const server = await startPrefectServer();
  try {
    const seed = seedPrefect(server);
    const config = readConfig({
      DATABASE_URL: databaseUrl,
      PREFECT_API_URL: server.apiUrl,
      LOG_LEVEL: 'error',
    });
    const services = await openApplication(config, createLogger(config.logLevel));
    const flowId = await seed.flow();
    return {
      services,
      seed,
      flowId,
      async close() {
        await services.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
