import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readConfig } from '../../../src/config/config';
import { describeOnDatabases } from '../../harness/databases';
import { startGateway } from '../../harness/gateway';
import { shared } from '../../harness/shared';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));

const manifestOf = (content: string): string => {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, content);
  return path;
};

const hash = 'ab'.repeat(32);
const counting = 'query Count { flowRuns { totalCount } }';
const manifest = manifestOf(JSON.stringify({ [hash]: counting }));
const byHash = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

interface Result {
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
}

/** Sends the parameters over HTTP. */
async function overHttp(url: string, params: unknown): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return (await response.json()) as Result;
}

/** Sends the parameters over a WebSocket. The client needs a query; an empty one is none. */
async function overWebSocket(url: string, params: object): Promise<Result> {
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    for await (const result of client.iterate({ query: '', ...params })) return result as Result;
    throw new Error('there was no result');
  } catch (errors) {
    if (Array.isArray(errors)) return { errors };
    throw errors;
  } finally {
    await client.dispose();
  }
}

const data = { flowRuns: { totalCount: 0 } };
const notFound = {
  errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
};
const notTrusted = {
  errors: [
    {
      message: expect.stringContaining('Only trusted documents are accepted'),
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ],
};

describeOnDatabases(['embedded'], 'Trusted documents', database => {
  const open = shared(() => startGateway(database.url, { TRUSTED_DOCUMENTS: manifest }));
  const strict = shared(() =>
    startGateway(database.url, { TRUSTED_DOCUMENTS: manifest, TRUSTED_DOCUMENTS_ONLY: 'on' }),
  );

  describe.each([
    ['HTTP', overHttp],
    ['WebSocket', overWebSocket],
  ])('over %s', (_transport, send) => {
    test('a document of the manifest is executed by its hash', async () => {
      expect(await send(open.url, byHash(hash))).toEqual({ data });
      expect(await send(strict.url, byHash(hash))).toEqual({ data });
    });

    test.each(['cd'.repeat(32), '__proto__', ''])(
      'the unknown hash %j is rejected as not found',
      async other => {
        expect(await send(open.url, byHash(other))).toMatchObject(notFound);
        expect(await send(strict.url, byHash(other))).toMatchObject(notFound);
      },
    );

    test('another document is executed, unless only trusted ones are accepted', async () => {
      const other = { query: '{ flowRuns { totalCount } }' };
      expect(await send(open.url, other)).toEqual({ data });
      expect(await send(strict.url, other)).toMatchObject(notTrusted);
      expect(await send(strict.url, { ...other, ...byHash(hash) })).toMatchObject(notTrusted);
    });
  });

  test.each([[null], [[]], ['text'], [{}], [{ extensions: null }], [{ query: '' }]])(
    'the request %j without a document is rejected as the input of the client',
    async params => {
      for (const { url } of [open, strict])
        expect((await overHttp(url, params)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );
});

describe('A manifest that cannot be used prevents the start', () => {
  const start = (settings: Record<string, string>) => () =>
    readConfig({ DATABASE_URL: 'file:x', ...settings });

  test.each([
    ['is absent', join(folder, 'absent.json'), /TRUSTED_DOCUMENTS .*absent\.json.*ENOENT/],
    ['is a folder', folder, /TRUSTED_DOCUMENTS .*EISDIR/],
    ['is no JSON', manifestOf('{"a":'), /TRUSTED_DOCUMENTS .*JSON/],
    ['is a list', manifestOf('["{ id }"]'), /must be a JSON object of GraphQL documents by their hashes/],
    ['has a number', manifestOf('{"a": 1}'), /must be a JSON object of GraphQL documents by their hashes/],
    [
      'has a broken document',
      manifestOf('{"a": "query {"}'),
      /the document "a" is not GraphQL: Syntax Error/,
    ],
  ])('with a message that names it and what is wrong, if it %s', (_what, path, message) => {
    expect(start({ TRUSTED_DOCUMENTS: path })).toThrow(message);
  });

  test('and so does the rejection of all other documents without one', () => {
    expect(start({ TRUSTED_DOCUMENTS_ONLY: 'on' })).toThrow(/TRUSTED_DOCUMENTS_ONLY=on .*TRUSTED_DOCUMENTS/);
  });
});
