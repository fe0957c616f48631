import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isAbstractType, parse } from 'graphql';
import { describeOnDatabases } from '../harness/databases';
import { shared } from '../harness/shared';
import { countListeners } from '../harness/subscribing';
import { until } from '../harness/waiting';
import * as apollo from './examples/apollo';
import * as urql from './examples/urql';
import { startKeyedGateway } from './keyedGateway';

// How a client and the gateway understand each other is no matter of the database.
describeOnDatabases(['embedded'], 'a client', database => {
  const gateway = shared(() => startKeyedGateway(database.url));
  let flowId: string;

  beforeAll(async () => {
    flowId = await gateway.seeding.createFlow('etl');
    await createRuns(25, 'FAILED');
  });

  const createRuns = (count: number, type: string): Promise<string[]> =>
    gateway.seeding.createFlowRuns(Array.from({ length: count }, () => ({ flowId, state: { type } })));

  describe('Apollo Client', () => {
    interface Runs {
      flowRuns: { edges: { node: { id: string } }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    }

    test('adds the next page to a list', async () => {
      const client = apollo.createApolloClient(gateway.url, gateway.key);
      const list = client.watchQuery<Runs>({ query: apollo.failedRuns });
      let runs: Runs['flowRuns'] | undefined;
      const watch = list.subscribe(({ data }) => {
        runs = (data as Runs | undefined)?.flowRuns;
      });
      await until(() => runs?.edges.length === 20);

      await list.fetchMore({ variables: { after: runs?.pageInfo.endCursor } });

      await until(() => runs?.edges.length === 25);
      expect(new Set(runs?.edges.map(({ node }) => node.id)).size).toBe(25);
      expect(runs?.pageInfo.hasNextPage).toBe(false);
      watch.unsubscribe();
      client.stop();
    });

    test('starts an operation and follows it to its end', async () => {
      const client = apollo.createApolloClient(gateway.url, gateway.key);
      const input = {
        flowRuns: { id: { any: await createRuns(3, 'SCHEDULED') } },
        state: { type: 'CANCELLED' },
        reason: 'a test',
      };
      const { data } = await client.mutate<{ startBulkOperation: { __typename: string; id: string } }>({
        mutation: apollo.startOperation,
        variables: { input },
      });
      const operation = data?.startBulkOperation;
      expect(operation).toMatchObject({ __typename: 'BulkOperation', id: expect.any(String) });

      const received: unknown[] = [];
      await new Promise<void>((complete, error) => {
        client
          .subscribe({ query: apollo.operationProgress, variables: { id: operation?.id } })
          .subscribe({ next: ({ data: progress }) => received.push(progress), complete, error });
      });

      expect(received.at(-1)).toMatchObject({
        bulkOperationProgress: {
          id: operation?.id,
          status: 'COMPLETED',
          counts: { pending: 0, accepted: 3, rejected: 0 },
        },
      });
      client.stop();
    });

    test('finds every type that implements Node in its cache', () => {
      const { cache } = apollo.createApolloClient(gateway.url, gateway.key);
      const schema = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
      const node = schema.getType('Node');
      const types = isAbstractType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : [];
      expect(types).not.toEqual([]);
      for (const __typename of types) {
        const data = { __typename, id: 'x' };
        cache.writeFragment({ fragment: parse(`fragment Known on ${__typename} { id }`), data });
      }

      const found = types.map(type =>
        cache.readFragment({ id: `${type}:x`, fragment: parse('fragment AnyNode on Node { id }') }),
      );

      expect(found).toEqual(types.map(__typename => ({ __typename, id: 'x' })));
    });
  });

  describe('urql', () => {
    interface Runs {
      flowRuns: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    }

    test('reads one page after the other', async () => {
      const client = urql.createUrqlClient(gateway.url, gateway.key);
      const first = await client.query<Runs>(urql.failedRuns, {}).toPromise();
      const after = first.data?.flowRuns.pageInfo.endCursor;
      const second = await client.query<Runs>(urql.failedRuns, { after }).toPromise();

      const ids = [first, second].flatMap(({ data }) => data?.flowRuns.nodes.map(({ id }) => id) ?? []);
      expect(new Set(ids).size).toBe(25);
      expect(second.data?.flowRuns.pageInfo.hasNextPage).toBe(false);
    });

    test('moves a run and receives the change', async () => {
      const client = urql.createUrqlClient(gateway.url, gateway.key);
      const [flowRunId] = await createRuns(1, 'SCHEDULED');
      const listeners = countListeners(gateway.services);
      const received: unknown[] = [];
      const watch = client
        .subscription(urql.stateChanges, { id: flowRunId })
        .subscribe(({ data, error }) => received.push(error ?? data));
      await until(() => listeners() === 1);

      const { data } = await client
        .mutation(urql.setState, { input: { flowRunId, state: { type: 'CANCELLED' } } })
        .toPromise();

      expect(data).toMatchObject({
        setFlowRunState: { status: 'ACCEPT', flowRun: { id: flowRunId, state: { type: 'CANCELLED' } } },
      });
      await until(() => received.length > 0);
      expect(received).toMatchObject([
        { flowRunStateChanged: { flowRun: { id: flowRunId }, state: { type: 'CANCELLED' } } },
      ]);
      watch.unsubscribe();
    });
  });
});
