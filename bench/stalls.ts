import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from './support/process';
import type { Benchmark } from './support/report';
import { stallInputs } from './support/stallInputs';

interface Response {
  status: number;
  bytes: number;
  milliseconds: number;
}

/** Sends a request on a connection, and resolves when the whole response is there. */
function call(agent: Agent, port: number, path: string, body?: string): Promise<Response> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const accept = path === '/graphql' && body === undefined ? 'text/html' : 'application/json';
    const headers = { 'content-type': 'application/json', accept };
    const sent = request(
      { agent, host: '127.0.0.1', port, path, method: body === undefined ? 'GET' : 'POST', headers },
      response => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => void (bytes += chunk.byteLength));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, bytes, milliseconds: performance.now() - start }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Calls `/livez` again and again until it is stopped, and returns how long the slowest call took. */
function watchLiveness(port: number): () => Promise<number> {
  const agent = new Agent({ keepAlive: true });
  let worst = 0;
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      worst = Math.max(worst, (await call(agent, port, '/livez')).milliseconds);
      await sleep(2);
    }
    agent.destroy();
  })();
  return async () => {
    stopping.abort();
    await watching;
    return worst;
  };
}

/**
 * How long single requests within the default limits block the process: the slowest call of `/livez` beside each. The aim
 * is 250 ms.
 */
export const stalls: Benchmark = async (workshop, print) => {
  const kind = process.env.DATABASE_URL?.startsWith('file:') ? 'embedded' : 'server';
  const fixture = await workshop.fixture(kind, Number(process.env.BENCH_RUNS ?? 10_000));
  const only = new RegExp(process.env.BENCH_INPUTS ?? '');
  const server = await startServer('product', fixture.url);
  const agent = new Agent({ keepAlive: false });
  try {
    const inputs = await stallInputs(body =>
      fetch(`http://127.0.0.1:${server.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }).then(response => response.json()),
    );
    for (const { name, path, body } of inputs.filter(input => only.test(input.name))) {
      // The first call compiles code; the second is what a process does that runs for a while.
      for (const time of ['first', 'second']) {
        const stop = watchLiveness(server.port);
        await sleep(20);
        const { status, bytes, milliseconds } = await call(agent, server.port, path, body?.(time));
        const worst = await stop();
        print({
          database: fixture.kind,
          input: name,
          time,
          'body bytes': body?.(time).length ?? 0,
          status,
          'response bytes': bytes,
          ms: milliseconds,
          'slowest /livez ms': worst,
          verdict: worst <= 250 ? 'ok' : 'TOO LONG',
        });
      }
    }
  } finally {
    agent.destroy();
    await server.stop();
  }
};
