import { missingRedis, type RedisServer, startRedis } from '../databases/redis';
import { describeOnDatabases, describeOnEveryDatabase } from '../harness/databases';
import { describeWhere } from '../harness/describeWhere';
import { startGateway, type TestGateway } from '../harness/gateway';
import { type SeededGateway, seededGateway } from '../harness/seededGateway';
import { seedingThrough } from '../harness/seeding';
import { until } from '../harness/waiting';

const exact = `{"large":1${'0'.repeat(30)},"one":1.0,"zero":-0,"small":1e-7,"digits":123456789012345678901234567890.10}`;
const megabyte = JSON.stringify('é'.repeat(500_000));

/** The text of a response: parsed as JSON, numbers would lose digits. */
async function askForText({ url }: { url: string }, query: string, variables = '{}'): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  });
  return response.text();
}

/** Subscribes; the text is what the server-sent events held so far, or what was sent in their place. */
async function openEvents(url: string, query: string): Promise<{ text(): string; stop(): Promise<void> }> {
  const left = new AbortController();
  const { body } = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    signal: left.signal,
  });
  if (body === null) throw new Error('the response has no body');
  let text = '';
  const read = async () => {
    for await (const part of body.pipeThrough(new TextDecoderStream())) text += part;
  };
  const reading = read().catch((error: unknown) => {
    if (!left.signal.aborted) throw error;
  });
  return {
    text: () => text,
    async stop() {
      left.abort();
      await reading;
    },
  };
}

function idIn(text: string): string {
  const id = /"id":"([0-9a-f-]{36})"/.exec(text)?.[1];
  if (id === undefined) throw new Error(text.slice(0, 1000));
  return id;
}

type Place = Pick<SeededGateway, 'url' | 'flowId'>;

async function createRun(gateway: Place, type: string, data: string): Promise<string> {
  const text = await askForText(
    gateway,
    'mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { flowRun { id } } } }',
    `{"input":[{"flowId":"${gateway.flowId}","state":{"type":"${type}","data":${data}}}]}`,
  );
  return idIn(text);
}

const dataOf = (gateway: SeededGateway, id: string): Promise<string> =>
  askForText(gateway, `{ flowRun(id: "${id}") { state { type data } } }`);

async function moved(gateway: SeededGateway, mutation: string, variables = '{}'): Promise<string> {
  const text = await askForText(gateway, mutation, variables);
  const id = idIn(text);
  await until(async () =>
    (await askForText(gateway, `{ bulkOperation(id: "${id}") { status } }`)).includes('"COMPLETED'),
  );
  return id;
}

const move = (gateway: SeededGateway, run: string, type: string, data: string, force: boolean) =>
  moved(
    gateway,
    `mutation ($input: BulkOperationInput!) { startBulkOperation(input: $input) {
      ... on BulkOperation { id } ... on BulkOperationRefused { message } } }`,
    `{"input":{"reason":"a test","force":${force},"flowRuns":{"id":{"any":["${run}"]}},"state":{"type":"${type}","data":${data}}}}`,
  );

const again = (gateway: SeededGateway, mutation: 'undo' | 'retry', id: string) =>
  moved(
    gateway,
    `mutation { ${mutation}BulkOperation(id: "${id}", reason: "a test") {
      ... on BulkOperation { id } ... on BulkOperationRefused { message } } }`,
  );

const values: readonly (readonly [string, string])[] = [
  ['numbers', exact],
  ['a text of 1 MB', megabyte],
];

describeOnEveryDatabase('data that bulk operations move', database => {
  const gateway = seededGateway(database);

  test.each(values)('is the same in the run, the item and after an undo: %s', async (_what, value) => {
    const run = await createRun(gateway, 'COMPLETED', value);
    const id = await move(gateway, run, 'FAILED', value, true);
    expect(await dataOf(gateway, run)).toContain(`{"type":"FAILED","data":${value}}`);
    const items = await askForText(
      gateway,
      `{ bulkOperation(id: "${id}") { items { nodes { state { data } previousState { data } } } } }`,
    );
    expect(items).toContain(`{"state":{"data":${value}},"previousState":{"data":${value}}}`);

    await again(gateway, 'undo', id);
    expect(await dataOf(gateway, run)).toContain(`{"type":"COMPLETED","data":${value}}`);
  });

  test.each(values)('is the same after a retry: %s', async (_what, value) => {
    const run = await createRun(gateway, 'COMPLETED', 'null');
    const declined = await move(gateway, run, 'CANCELLING', value, false);
    await move(gateway, run, 'RUNNING', 'null', true);

    await again(gateway, 'retry', declined);
    expect(await dataOf(gateway, run)).toContain(`{"type":"CANCELLING","data":${value}}`);
  });
});

describeWhere(missingRedis(), 'with Redis', () => {
  describeOnDatabases(['mysql', 'mariadb'], 'data in events that come through Redis', database => {
    let redis: RedisServer;
    let reader: TestGateway;
    let writer: TestGateway;
    let flowId: string;
    beforeAll(async () => {
      redis = await startRedis();
      const settings = { REDIS_URL: redis.url };
      reader = await startGateway(database.url, settings);
      writer = await startGateway(database.url, settings);
      flowId = await seedingThrough(writer.ask).createFlow('etl');
    });
    afterAll(async () => {
      await Promise.all([reader?.close(), writer?.close()]);
      await redis?.stop();
    });

    test.each(values)('is the same: %s', async (_what, value) => {
      const events = await openEvents(
        reader.url,
        'subscription { flowRunStateChanged { state { type data } } }',
      );
      // The first comment comes once somebody listens.
      await until(() => events.text().includes(':'));
      await createRun({ url: writer.url, flowId }, 'COMPLETED', value);
      await until(
        () => /"state":{[^]*\n\n/.test(events.text()),
        () => events.text().slice(0, 1000),
      );
      await events.stop();
      expect(events.text().includes(`"state":{"type":"COMPLETED","data":${value}}`)).toBe(true);
    });
  });
});
