import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import type { Availability, ServerSource } from './availability';
import { messageOf } from './commands';
import type { PrefectProgram } from './prefect';
import { loadPrefect, type PrefectCommand, type PrefectForks } from './prefectForks';
import { type DatabaseServer, startServer } from './server';
import type { ServerKind } from './serverProgram';

/** The servers of a test run, each started when the first test asks for it. */
export interface ServersOnDemand {
  /** Where the processes that run the tests ask. */
  address: string;
  stop(): Promise<void>;
}

/** What Prefect servers are started from. */
interface PrefectSource {
  /** null: there is none. */
  program: PrefectProgram | null;
  /** Its own files, while it starts nothing. */
  home: string;
}

/** Offers the servers of a test run to the processes that run its tests. */
export async function offerServers(
  { sources }: Availability,
  prefect: PrefectSource,
): Promise<ServersOnDemand> {
  const started = new Map<string, Promise<DatabaseServer>>();
  let forks: PrefectForks | null = null;

  const serverUrl = async (source: ServerSource): Promise<string> => {
    if (source.type === 'running') return source.url;
    const { program } = source;
    const starting = started.get(program.kind) ?? startServer(program);
    started.set(program.kind, starting);
    return (await starting).url;
  };

  const forkPrefect = async (asked: IncomingMessage): Promise<string> => {
    if (prefect.program === null) throw new Error('this run has no Prefect');
    forks ??= loadPrefect(prefect.program, prefect.home);
    return String(await forks.fork((await json(asked)) as PrefectCommand));
  };

  const respond = async (asked: IncomingMessage): Promise<string> => {
    const kind = asked.url?.slice(1);
    if (kind === 'prefect') return forkPrefect(asked);
    const source = kind === 'mysql' || kind === 'mariadb' ? sources[kind] : undefined;
    if (source === undefined) throw new Error('this run has no such server');
    return serverUrl(source);
  };

  const http = createServer((asked, response) => {
    respond(asked).then(
      responseText => response.end(responseText),
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
      forks?.stop();
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
export const askForServer = (address: string, kind: ServerKind): Promise<string> => ask(`${address}/${kind}`);

/** Asks the test run to start a command of Prefect, and returns its process id. */
export const askForPrefect = async (address: string, command: PrefectCommand): Promise<number> =>
  Number(await ask(`${address}/prefect`, JSON.stringify(command)));

async function ask(url: string, body = ''): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent: false, method: 'POST' }, resolve).on('error', reject).end(body);
  });
  const received = await text(response);
  if (response.statusCode !== 200) throw new Error(`${url}: ${received}`);
  return received;
}
