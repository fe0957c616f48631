import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ConcreteRequest,
  createOperationDescriptor,
  fetchQuery,
  getSingularSelector,
  type ReaderFragment,
} from 'relay-runtime';
import { describeOnDatabases } from '../harness/databases';
import { shared } from '../harness/shared';
import { until } from '../harness/waiting';
import { createRelayEnvironment } from './examples/relayEnvironment';
import { startKeyedGateway } from './keyedGateway';

const root = join(__dirname, '../..');
const compiler = require.resolve('relay-compiler/cli.js');

/** What the compiler writes for the printed documents. */
interface Artifacts {
  operation: ConcreteRequest;
  page: ConcreteRequest;
  items: ReaderFragment;
}

/** Compiles the printed documents against the schema, as a project of its own. */
async function compile(): Promise<Artifacts & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-'));
  await copyFile(join(root, 'schema.graphql'), join(folder, 'schema.graphql'));
  await copyFile(join(__dirname, 'examples/operationItems.ts'), join(folder, 'operationItems.ts'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const config = {
    src: '.',
    schema: 'schema.graphql',
    language: 'typescript',
    excludes: ['**/node_modules/**', '**/__generated__/**'],
  };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [compiler, 'relay.config.json'], { cwd: folder });
  const load = async <Artifact>(name: string): Promise<Artifact> =>
    ((await import(join(folder, `__generated__/${name}.graphql.ts`))) as { default: Artifact }).default;
  return {
    operation: await load('operationItemsQuery'),
    page: await load('operationItemsPageQuery'),
    items: await load('operationItems_operation'),
    close: () => rm(folder, { recursive: true }),
  };
}

// How a client and the gateway understand each other is no matter of the database.
describeOnDatabases(['embedded'], 'Relay', database => {
  const gateway = shared(() => startKeyedGateway(database.url));
  const artifacts = shared(compile);

  /** Starts an operation over new runs, and waits for its end. */
  async function operationOver(count: number): Promise<string> {
    const flowId = await gateway.seeding.createFlow('etl');
    const run = { flowId, state: { type: 'SCHEDULED' } };
    await gateway.seeding.createFlowRuns(Array.from({ length: count }, () => run));
    const { operation } = await gateway.ask<{ operation: { id: string } }>(
      `mutation { operation: startBulkOperation(
        input: { flowRuns: {}, all: true, state: { type: CANCELLED }, reason: "a test" }
      ) { ... on BulkOperation { id } } }`,
    );
    await until(async () => {
      const { bulkOperation } = await gateway.ask<{ bulkOperation: { ended: string | null } }>(
        'query ($id: ID!) { bulkOperation(id: $id) { ended } }',
        operation,
      );
      return bulkOperation.ended !== null;
    });
    return operation.id;
  }

  test("adds the next page of an operation's items to its connection, twice", async () => {
    const id = await operationOver(50);
    const environment = createRelayEnvironment(gateway.url, gateway.key);
    await fetchQuery(environment, artifacts.operation, { id }).toPromise();
    const query = createOperationDescriptor(artifacts.operation, { id });
    environment.retain(query);

    interface Connection {
      edges: { node: { id: string } }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
    }
    const read = (): Connection => {
      const { bulkOperation } = environment.lookup(query.fragment).data as { bulkOperation: unknown };
      const selector = getSingularSelector(artifacts.items, bulkOperation);
      if (!selector) throw new Error('the operation is not in the store');
      return (environment.lookup(selector).data as unknown as { items: Connection }).items;
    };
    const pages = [read()];
    for (let page = 0; page < 2; page++) {
      const after = read().pageInfo.endCursor;
      await fetchQuery(environment, artifacts.page, { id, after, first: 20 }).toPromise();
      pages.push(read());
    }

    expect(pages.map(({ edges }) => edges.length)).toEqual([20, 40, 50]);
    expect(pages.map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
    expect(new Set(pages.at(-1)?.edges.map(({ node }) => node.id)).size).toBe(50);
  });
});
