import { describeOnDatabases } from '../harness/databases';
import { shared } from '../harness/shared';
import { until } from '../harness/waiting';
import { decidedItems } from './examples/decidedItems';
import { createEventStreamClient } from './examples/eventStreamClient';
import { createWebSocketClient } from './examples/webSocketClient';
import { startKeyedGateway } from './keyedGateway';

// How a client and the gateway understand each other is no matter of the database.
describeOnDatabases(['embedded'], 'a subscription to the items of an operation', database => {
  const gateway = shared(() => startKeyedGateway(database.url));
  const transports = [
    ['a WebSocket', createWebSocketClient, { code: 4401 }],
    ['server-sent events', createEventStreamClient, { response: { status: 401 } }],
  ] as const;

  test('goes on after the last cursor when the gateway has restarted', async () => {
    const flowId = await gateway.seeding.createFlow('etl');
    const runs = await gateway.seeding.createFlowRuns(
      Array.from({ length: 7 }, () => ({ flowId, state: { type: 'SCHEDULED' } })),
    );
    const { operation } = await gateway.ask<{ operation: { id: string } }>(
      `mutation ($input: BulkOperationInput!) {
        operation: startBulkOperation(input: $input) { ... on BulkOperation { id } }
      }`,
      {
        input: { flowRuns: { id: { any: runs } }, state: { type: 'CANCELLED' }, canary: 3, reason: 'a test' },
      },
    );
    const received = transports.map((): string[] => []);
    const subscriptions = transports.map(async ([, createClient], index) => {
      const items = decidedItems(createClient(gateway.url, gateway.key), operation.id);
      for await (const { flowRunId } of items) received[index]?.push(flowRunId);
    });
    await until(() => received.every(ids => ids.length === 3));

    await gateway.restart();
    await gateway.ask('mutation ($id: ID!) { resumeBulkOperation(id: $id) { __typename } }', operation);
    await Promise.all(subscriptions);

    const { bulkOperation } = await gateway.ask<{
      bulkOperation: { items: { nodes: { flowRunId: string }[] } };
    }>('query ($id: ID!) { bulkOperation(id: $id) { items { nodes { flowRunId } } } }', operation);
    const decided = bulkOperation.items.nodes.map(({ flowRunId }) => flowRunId);
    expect(decided).toHaveLength(7);
    expect(received).toEqual([decided, decided]);
  });

  test.each(transports)(
    'ends where the gateway refuses the key, over %s',
    async (_transport, createClient, refusal) => {
      const items = decidedItems(createClient(gateway.url, 'another-key'), crypto.randomUUID());

      await expect(items.next()).rejects.toMatchObject(refusal);
    },
  );

  test.each(transports)('ends where the request is refused, over %s', async (_transport, createClient) => {
    const items = decidedItems(createClient(gateway.url, gateway.key), 'not an id');

    const refusal = await items.next().catch((error: unknown) => error);

    const { errors } = Array.isArray(refusal) ? { errors: refusal } : (refusal as AggregateError);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
