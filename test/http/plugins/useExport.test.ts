import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { v7 } from 'uuid';
import type { BulkOperationItem } from '../../../src/domain/bulkOperation';
import type { BulkOperationId, FlowRunId } from '../../../src/domain/identifiers';
import type { Instant } from '../../../src/domain/instant';
import type { Sending } from '../../../src/domain/sending';
import { findItems, insertItems } from '../../../src/persistence/operations/items';
import { type StoredSending, writeSendings } from '../../../src/persistence/operations/sendings';
import { describeOnDatabases, describeOnEveryDatabase } from '../../harness/databases';
import { startGateway } from '../../harness/gateway';
import { until } from '../../harness/waiting';
import { type OperationGateway, startOperationGateway } from '../../operations/harness';
import { parseCsv } from '../export/parseCsv';

const sendingThatMovedAnother = ({ operationId, flowRunId }: BulkOperationItem): StoredSending => ({
  operationId,
  flowRunId,
  content: {} as Sending,
  tries: 0,
  failuresAlike: 0,
  lastFailure: null,
  settled: '2026-01-01T00:00:00.000000Z' as Instant,
  movedAnotherState: true,
});

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const keys = `reader:read:${hash('reading')},writer:write:${hash('writing')},all:admin:${hash('all')}`;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const noId = '00000000-0000-4000-8000-000000000000';

/** Enough items of 4 KB each that what systems and sockets take in advance is soon full. */
const itemCount = 7000;
const itemsInOnePage = 250;
const longReason = 'r'.repeat(4000);

describeOnEveryDatabase('the export of the items of an operation', database => {
  let gateway: OperationGateway;
  let id: string;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { API_KEYS: keys }, bearer('all'));
    await gateway.clear();
    await gateway.createRuns(3, { type: 'FAILED' });
    await gateway.createRuns(2, { type: 'PENDING' });
    const plan = await gateway.plan({ state: { type: 'PENDING' }, flowRuns: {}, all: true });
    await gateway.becomes(plan, 'PLANNED');
    id = await gateway.startPlanned(plan);
    await gateway.ended(id);
    const { writer } = gateway.services.database;
    const [item] = await findItems(writer, id as BulkOperationId, 1, 1);
    if (item === undefined) throw new Error('the operation has no item');
    await writeSendings(writer, item.operationId, [sendingThatMovedAnother(item)]);
  }, 60_000);
  afterAll(() => gateway.close());

  const address = (parameters: Record<string, string> | string): string =>
    `${gateway.url.replace('/graphql', '/console/export')}?${new URLSearchParams(parameters)}`;
  const get = (parameters: Record<string, string> | string, headers = bearer('reading')) =>
    fetch(address(parameters), { headers });
  const post = (body: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(address(''), { method: 'POST', headers, body: new URLSearchParams(body) });

  async function itemsInGraphql(): Promise<Record<string, unknown>[]> {
    const { bulkOperation } = await gateway.ask<{
      bulkOperation: { items: { nodes: Record<string, unknown>[] } };
    }>(
      `query ($id: ID!) { bulkOperation(id: $id) { items(first: 50) { nodes {
        position flowRunId status code reason planned { status code reason } previousState { id } state { id }
        movedAnotherState attempts decided } } } }`,
      { id },
    );
    return bulkOperation.items.nodes;
  }

  test('has an object a line in JSONL, equal to what GraphQL shows of the item', async () => {
    const response = await get({ operation: id, format: 'jsonl' });
    expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="operation-${id}.jsonl"`);
    const lines = (await response.text()).trimEnd().split('\n');
    const expected = await itemsInGraphql();
    expect(lines.map(line => JSON.parse(line))).toEqual(expected);
    expect(expected.filter(({ movedAnotherState }) => movedAnotherState)).toHaveLength(1);
    expect(
      expected.map(({ status }) => String(status)).toSorted((one, other) => one.localeCompare(other)),
    ).toEqual(['ABORT', 'ABORT', 'ACCEPT', 'ACCEPT', 'ACCEPT']);
  });

  test('has the same in CSV, the fields of inner objects by their paths', async () => {
    const response = await get({ operation: id, format: 'csv' });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const [head = [], ...records] = parseCsv(await response.text());
    const at = (item: unknown, path: string): string =>
      String(path.split('.').reduce((inner, name) => Object(inner)[name], item) ?? '');
    expect(head.join(' ')).toBe(
      'position flowRunId status code reason planned.status planned.code planned.reason previousState.id state.id movedAnotherState attempts decided',
    );
    expect(records).toEqual((await itemsInGraphql()).map(item => head.map(path => at(item, path))));
  });

  test('has only the items that the filter asks for', async () => {
    const statuses = async (filter: string) => {
      const response = await get(`operation=${id}&format=jsonl&${filter}`);
      const text = await response.text();
      return text === ''
        ? []
        : [...text.matchAll(/"flowRunId":"[^"]+","status":"(\w+)"/g)].map(([, name]) => name);
    };
    const [{ code, flowRunId } = {}] = (await itemsInGraphql()).filter(({ status }) => status === 'ABORT');
    expect(await statuses('status=ABORT')).toEqual(['ABORT', 'ABORT']);
    expect(await statuses(`code=${code}`)).toEqual(['ABORT', 'ABORT']);
    expect(await statuses(`flowRunId=${flowRunId}`)).toEqual(['ABORT']);
    expect(await statuses('status=ABORT&status=ACCEPT')).toHaveLength(5);
    expect(await statuses('status=SKIPPED')).toEqual([]);
  });

  test('takes the key of a browser from the form that the console sends', async () => {
    const form = { operation: id, format: 'csv' };
    const { origin } = new URL(gateway.url);
    const response = await post({ ...form, authorization: 'Bearer reading' }, { origin });
    expect(response.status).toBe(200);
    expect(parseCsv(await response.text())).toHaveLength(6);
    expect((await post({ ...form, authorization: 'Bearer wrong' }, { origin })).status).toBe(401);
  });

  const errorsOf = async (response: Response) => {
    const { errors } = (await response.json()) as {
      errors: { message: string; extensions: { code: string } }[];
    };
    return [response.status, errors[0]?.extensions.code, errors[0]?.message];
  };

  test.each([
    ['format=csv', 'operation: is required'],
    [`operation=${noId}`, 'format: is required'],
    ['operation=1&format=csv', 'operation: is not a UUID'],
    [`operation=${noId}&operation=${noId}&format=csv`, 'operation: must be sent once'],
    [`operation=${noId}&format=xml`, 'format: must be csv or jsonl'],
    [`operation=${noId}&format=csv&status=DONE`, 'status: is no status of an item'],
    [`operation=${noId}&format=csv&code=NONE`, 'code: is no code'],
    [`operation=${noId}&format=csv&flowRunId=x`, 'flowRunId: is not a UUID'],
    [`operation=${noId}&format=csv&states=ACCEPT`, 'states: is not known here'],
    [`operation=${noId}&format=csv&authorization=reading`, 'authorization: is not known here'],
  ])('rejects %s, naming the parameter', async (parameters, message) => {
    expect(await errorsOf(await get(parameters))).toEqual([400, 'BAD_USER_INPUT', message]);
  });

  test('rejects an operation that there is none of, a caller without a key, and one without the scope', async () => {
    const there = { operation: id, format: 'csv' };
    expect(await errorsOf(await get({ ...there, operation: noId }))).toEqual([
      404,
      'NOT_FOUND',
      `There is no bulk operation ${noId}.`,
    ]);
    const anonymous = await fetch(address(there));
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
    expect(await errorsOf(anonymous)).toEqual([401, 'UNAUTHENTICATED', expect.any(String)]);
    expect(await errorsOf(await get(there, bearer('writing')))).toEqual([
      403,
      'FORBIDDEN',
      'writer lacks the scope "read".',
    ]);
  });

  test('rejects other methods, and forms that are large, of another type, or of a page elsewhere', async () => {
    const wrong = await fetch(address(''), { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST']);
    const form = { operation: id, format: 'csv', authorization: 'Bearer reading' };
    expect((await post(form, { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post(form, { 'content-type': 'application/json' })).status).toBe(415);
    expect((await post({ ...form, authorization: 'k'.repeat(20_000) })).status).toBe(413);
  });

  describe('with more items than fit into what systems buffer', () => {
    let reads = 0;
    let failingRead = 0;

    beforeAll(async () => {
      const { writer } = gateway.services.database;
      const [item] = await findItems(writer, id as BulkOperationId, 1, 1);
      if (item === undefined) throw new Error('the operation has no item');
      for (let made = 0; made < itemCount; made += 1000)
        await insertItems(
          writer,
          Array.from({ length: 1000 }, (_, index) => ({
            ...item,
            ordinal: 100 + made + index,
            flowRunId: v7() as FlowRunId,
            reason: longReason,
          })),
        );
      const { primary } = gateway.services.database;
      const send = primary.query.bind(primary);
      jest.spyOn(primary, 'query').mockImplementation((sql, parameters) => {
        if (!sql.includes('batch_position')) return send(sql, parameters);
        return ++reads === failingRead ? Promise.reject(new Error('planned')) : send(sql, parameters);
      });
    }, 60_000);
    beforeEach(() => {
      reads = 0;
      failingRead = 0;
    });

    const large = () => ({ operation: id, format: 'jsonl' });

    /** Requests the export and reads nothing of it. */
    function openSlowly() {
      const { hostname, port, pathname, search, host } = new URL(address(large()));
      const socket = connect(Number(port), hostname);
      socket.pause();
      socket.write(
        `GET ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer reading\r\n\r\n`,
      );
      return socket;
    }

    async function readAll(): Promise<void> {
      const ids = (await (await get(large())).text()).match(/"flowRunId":"[^"]+"/g);
      expect(new Set(ids).size).toBe(itemCount + 5);
    }

    test('reads no further while the client does not read, nor after it has left', async () => {
      const socket = openSlowly();
      await until(() => reads > 0);
      // Another client who reads everything shows that there was time enough.
      await readAll();
      const readsOfAll = Math.ceil((itemCount + 5) / itemsInOnePage);
      const readsForSlow = reads - readsOfAll;
      expect(readsForSlow).toBeLessThan(readsOfAll - 2);
      socket.destroy();
      await readAll();
      expect(reads).toBe(readsForSlow + 2 * readsOfAll);
    });

    test('breaks the connection when a read fails half-way, and serves the next client', async () => {
      failingRead = 3;
      const response = await get(large());
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow('terminated');
      await readAll();
    });
  });
});

describeOnDatabases(['embedded'], 'the export without a console', database => {
  test('does not exist', async () => {
    const gateway = await startGateway(database.url, { CONSOLE: 'off' });
    try {
      const path = `/console/export?operation=${noId}&format=csv`;
      expect((await fetch(gateway.url.replace('/graphql', path))).status).toBe(404);
    } finally {
      await gateway.close();
    }
  });
});
