import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Availability, ServerSource } from './availability';
import { messageOf } from './commands';
import { type DatabaseServer, startServer } from './server';
import type { ServerKind } from './serverProgram';

/** The servers of a test run, each started when the first test asks for it. */
export interface ServersOnDemand {
  /** Where the processes that run the tests ask. */
  address: string;
  stop(): Promise<void>;
}

/** Offers the servers of a test run to the processes that run its tests. */
export async function offerServers({ sources }: Availability): Promise<ServersOnDemand> {
  const started = new Map<string, Promise<DatabaseServer>>();

  const serverUrl = async (source: ServerSource): Promise<string> => {
    if (source.type === 'running') return source.url;
    const { program } = source;
    const starting = started.get(program.kind) ?? startServer(program);
    started.set(program.kind, starting);
    return (await starting).url;
  };

  const http = createServer((request, response) => {
    const kind = request.url?.slice(1);
    const source = kind === 'mysql' || kind === 'mariadb' ? sources[kind] : undefined;
    if (source === undefined) {
      response.writeHead(404).end('this run has no such server');
      return;
    }
    serverUrl(source).then(
      url => response.end(url),
      (error: unknown) => response.writeHead(500).end(messageOf(error)),
    );
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  http.unref();

  return {
    address: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    stop: async () => {
      http.close();
      const servers = await Promise.allSettled(started.values());
      for (const server of servers) {
        if (server.status === 'rejected') continue;
        const reason = await server.value.whyEnded();
        // Its log goes with its folder, and the tests only see that no server responds.
        if (reason !== null)
          console.error(`the ${server.value.kind} server of this run ended by itself:\n${reason}`);
        await server.value.stop();
      }
    },
  };
}

/** Asks for the address of a server of the test run; it is started if it does not run yet. */
export function askForServer(address: string, kind: ServerKind): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(`${address}/${kind}`, { agent: false }, response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`no ${kind} server: ${body}`));
      });
    });
    request.on('error', reject);
  });
}
