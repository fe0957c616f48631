import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../platform/logging';
import type { Services } from '../../transitions/services';
import { healthAt } from '../health';
import { createHttpServer, type HttpServer } from './httpServer';
import type { HttpSettings } from './httpSettings';

/** Creates a server with `/livez` and `/readyz` only, for a process without clients. */
export function createHealthServer(settings: HttpSettings, services: Services, logger: Logger): HttpServer {
  async function respond({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = url.split('?');
    const health = await healthAt(path, services);
    const { status, body } = health ?? { status: 404, body: { status: 'This process is a worker.' } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  return createHttpServer({ settings, logger, respond });
}
