import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describeOnDatabases } from '../../harness/databases';
import { startGateway } from '../../harness/gateway';
import { shared } from '../../harness/shared';

interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Sends a query without the decompression that fetch does. */
function send(url: string, query: string, headers: Record<string, string>): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          // A stream of events does not end by itself.
          if (String(response.headers['content-type']).startsWith('text/event-stream')) finish();
        });
        response.on('end', () => finish());
        response.on('error', reject);
        const finish = () => {
          resolve({ headers: response.headers, body: Buffer.concat(chunks) });
          response.destroy();
        };
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ query }));
  });
}

const large = '{ __schema { types { name description } } }';

describeOnDatabases(['embedded'], 'responses to a client that accepts gzip', database => {
  const gateway = shared(() => startGateway(database.url));
  const gzip = { 'accept-encoding': 'gzip, br' };

  test('are compressed where they are large, and hold the same', async () => {
    const plain = await send(gateway.url, large, {});
    const compressed = await send(gateway.url, large, gzip);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(Number(compressed.headers['content-length'])).toBe(compressed.body.length);
    expect(compressed.body.length).toBeLessThan(plain.body.length / 3);
    expect(gunzipSync(compressed.body)).toEqual(plain.body);
  });

  test('stay as they are where they are small', async () => {
    const { headers, body } = await send(gateway.url, '{ __typename }', gzip);
    expect(headers['content-encoding']).toBeUndefined();
    expect(JSON.parse(body.toString())).toEqual({ data: { __typename: 'Query' } });
  });

  test('stay as they are where they are streams of events', async () => {
    const { headers, body } = await send(gateway.url, 'subscription { flowRunStateChanged { flowRunId } }', {
      ...gzip,
      accept: 'text/event-stream',
    });
    expect(headers['content-encoding']).toBe('none');
    expect(body.toString()).toMatch(/^:/);
  });

  test('of REST are compressed in the same way', async () => {
    const url = new URL('/api/flow_runs/filter', gateway.url).href;
    const { headers } = await send(url, '', gzip);
    expect(headers.vary).toBe('Accept-Encoding');
  });
});
