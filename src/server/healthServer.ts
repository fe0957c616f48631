import { createServer } from 'node:http';
import { healthAt } from '../app/health';
import type { Services } from '../app/services';
import type { Config } from '../config';
import { closeWithin, listenOn, type RunningServer } from './http';

/** A server for a process that answers no clients: `/livez` and `/readyz`, and nothing else. */
export function createHealthServer(config: Config, services: Services): RunningServer {
  const httpServer = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    void healthAt(path, services).then(health => {
      const { status, body } = health ?? { status: 404, body: { status: 'This process is a worker.' } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  return { listen: () => listenOn(httpServer, config), close: seconds => closeWithin(httpServer, seconds) };
}
