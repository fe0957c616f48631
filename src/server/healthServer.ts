import { createServer, type ServerResponse } from 'node:http';
import { healthAt } from '../app/health';
import type { Services } from '../app/services';
import type { Config } from '../config';
import { closeWithin, listenOn, type RunningServer } from './http';

/** A server for a process that answers no clients: `/livez` and `/readyz`, and nothing else. */
export function createHealthServer(config: Config, services: Services): RunningServer {
  async function answer(url: string, response: ServerResponse): Promise<void> {
    const [path = ''] = url.split('?');
    const health = await healthAt(path, services);
    const { status, body } = health ?? { status: 404, body: { status: 'This process is a worker.' } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  const httpServer = createServer((request, response) => {
    void answer(request.url ?? '', response);
  });
  return { listen: () => listenOn(httpServer, config), close: seconds => closeWithin(httpServer, seconds) };
}
