import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Connection, createConnection } from '../../../src/upstream/client/connection';
import { until } from '../../harness/waiting';

describe('a connection', () => {
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.write('{"half":');
    responses.push(response);
  });
  let connection: Connection;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    connection = createConnection(`http://127.0.0.1:${port}`, {
      timeoutMilliseconds: 10_000,
      maxResponseBytes: 1000,
    });
  });
  afterAll(async () => {
    await connection.close();
    server.close();
  });

  test.each([
    ['ended', (response: ServerResponse) => void response.end('1}')],
    ['broken off', (response: ServerResponse) => void response.destroy()],
  ])('is receiving from the beginning of a response until it has %s', async (_case, finish) => {
    expect(connection.isReceiving()).toBe(false);
    const sent = connection
      .send({ method: 'GET', path: '/', headers: {}, body: null }, undefined)
      .catch(() => null);
    await until(() => connection.isReceiving());
    const response = responses.pop();
    if (response === undefined) throw new Error('no request arrived');
    finish(response);
    await sent;
    expect(connection.isReceiving()).toBe(false);
  });
});
