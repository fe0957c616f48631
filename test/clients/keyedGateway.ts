import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import { type Ask, startGateway, type TestGateway } from '../harness/gateway';
import { type Seeding, seedingThrough } from '../harness/seeding';

/** A gateway that requires a key, and what tests make through it. */
export interface KeyedGateway extends TestGateway {
  key: string;
  seeding: Seeding;
  /** Ends the gateway, and starts another on its database and its port. */
  restart(): Promise<void>;
}

const key = 'key-of-the-tests';
const digest = createHash('sha256').update(key).digest('hex');

/** Starts a gateway that requires a key, in a process whose clients find `WebSocket`. */
export async function startKeyedGateway(databaseUrl: string): Promise<KeyedGateway> {
  // As browsers and Node 22 have it.
  Object.assign(globalThis, { WebSocket });
  const start = (port: string) => startGateway(databaseUrl, { API_KEYS: `ops:admin:${digest}`, PORT: port });
  let gateway = await start('0');
  const { url } = gateway;
  const ask: Ask = (query, variables) => gateway.ask(query, variables, { authorization: `Bearer ${key}` });
  return {
    ...gateway,
    key,
    ask,
    seeding: seedingThrough(ask),
    async restart() {
      await gateway.close();
      gateway = await start(new URL(url).port);
    },
    close: () => gateway.close(),
  };
}
