import { startBackgroundServices } from '../../src/background';
import { withoutOwnMoves } from '../../src/background/withoutOwnMoves';
import { openApplication } from '../../src/bootstrap';
import { readConfig } from '../../src/config/config';
import { createServer } from '../../src/http/server';
import { operationSettingsOf } from '../../src/operations/settings';
import { startWorker, type Worker } from '../../src/operations/worker/worker';
import { createLogger } from '../../src/platform/logging';
import type { Services } from '../../src/transitions/services';
import { quiet } from './quiet';

/** Sends a request, and returns its data; throws the errors of the response. */
export type Ask = <Data>(
  query: string,
  variables?: unknown,
  headers?: Record<string, string>,
) => Promise<Data>;

/** Asks a gateway at an address that ends in `/graphql`. */
export const askAt =
  (url: string): Ask =>
  async <Data>(query: string, variables: unknown = {}, headers: Record<string, string> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: Data | null; errors?: { message: string }[] };
    if (answer.errors || !answer.data)
      throw Object.assign(new Error(answer.errors?.[0]?.message), { errors: answer.errors });
    return answer.data;
  };

/** A gateway that listens on a free port of this machine. */
export interface TestGateway {
  url: string;
  services: Services;
  /** The worker inside; a test may stop it, and start others in its place. */
  worker: Worker;
  ask: Ask;
  close(): Promise<void>;
}

/** Starts a gateway on a database, without background services unless the settings ask for them. */
export async function startGateway(
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<TestGateway> {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    PORT: '0',
    LOG_LEVEL: 'silent',
    ...quiet,
    ...settings,
  });
  const logger = createLogger(config.logLevel);
  const services = await openApplication(config, logger);
  const worker = startWorker(services, operationSettingsOf(config));
  const server = createServer({ config, services, logger });
  const { host, port } = await server.listen();
  const { attachment } = services;
  const mirror = (await attachment?.reached) ? attachment?.startMirror() : null;
  const background = startBackgroundServices(
    services,
    attachment === null ? config : withoutOwnMoves(config),
    logger,
  );
  const url = `http://${host}:${port}/graphql`;
  return {
    url,
    services,
    worker,
    ask: askAt(url),
    async close() {
      await Promise.all([server.close(5), worker.stop(), mirror?.stop(), background.stop()]);
      await services.close();
    },
  };
}
