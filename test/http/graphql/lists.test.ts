import { describeOnEveryDatabase } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';

interface Page {
  list: {
    nodes: { name: string; flow?: { name: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    totalCount: number;
  };
}

describeOnEveryDatabase('lists of flows and deployments', database => {
  const gateway = seededGateway(database);
  const flowNames = ['Zeit', 'etl', 'Ärger', 'etl 2'];

  beforeAll(async () => {
    for (const name of flowNames) {
      const { createFlow } = await gateway.ask<{ createFlow: { id: string } }>(
        'mutation ($name: String!) { createFlow(input: { name: $name }) { id } }',
        { name },
      );
      for (const deployment of ['nightly', 'Hourly'])
        await gateway.ask(
          'mutation ($flowId: ID!, $name: String!) { createDeployment(input: { flowId: $flowId, name: $name }) { id } }',
          { flowId: createFlow.id, name: deployment },
        );
    }
  });

  async function all(list: string, filter: object | null, first: number): Promise<string[]> {
    const type = list === 'flows' ? 'FlowFilter' : 'DeploymentFilter';
    const fields = list === 'flows' ? 'name' : 'name flow { name }';
    const found: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: Page = await gateway.ask<Page>(
        `query ($filter: ${type}, $first: Int!, $after: String) {
          list: ${list}(filter: $filter, first: $first, after: $after) {
            nodes { ${fields} } pageInfo { hasNextPage endCursor } totalCount
          }
        }`,
        { filter, first, after },
      );
      const { nodes, pageInfo, totalCount } = page.list;
      found.push(...nodes.map(node => (node.flow ? `${node.flow.name}/${node.name}` : node.name)));
      after = pageInfo.endCursor;
      if (pageInfo.hasNextPage) continue;
      expect(totalCount).toBe(found.length);
      return found;
    }
  }

  test.each([1, 2, 200])('are in the order of their names, in pages of %i', async first => {
    const filter = { name: { any: flowNames } };
    expect(await all('flows', filter, first)).toEqual(['Zeit', 'etl', 'etl 2', 'Ärger']);
    expect(await all('deployments', { flow: filter }, first)).toEqual(
      ['Zeit', 'etl', 'etl 2', 'Ärger'].flatMap(name => [`${name}/Hourly`, `${name}/nightly`]),
    );
  });

  test('find by parts of names in whatever case, and by nothing', async () => {
    expect(await all('flows', { name: { like: 'ÄRG' } }, 50)).toEqual(['Ärger']);
    expect(await all('flows', { name: { like: 'ETL' } }, 50)).toEqual(['etl', 'etl 2']);
    expect(await all('flows', { id: { any: [] } }, 50)).toEqual([]);
    expect(
      await all('deployments', { name: { like: 'HOUR' }, flow: { name: { any: ['etl'] } } }, 50),
    ).toEqual(['etl/Hourly']);
    expect((await all('flows', null, 50)).length).toBeGreaterThanOrEqual(flowNames.length);
  });

  test('reject a cursor of another filter', async () => {
    const { list } = await gateway.ask<Page>('{ list: flows(first: 1) { pageInfo { endCursor } } }');
    await expect(
      gateway.ask(
        'query ($after: String) { flows(filter: { name: { like: "a" } }, after: $after) { nodes { id } } }',
        {
          after: list.pageInfo.endCursor,
        },
      ),
    ).rejects.toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } }],
    });
  });

  test('return what is in use, and when runs start', async () => {
    await gateway.seeding.createFlowRuns([
      {
        flowId: gateway.flowId,
        tags: ['nightly'],
        workQueueName: 'gpu',
        state: { type: 'FAILED', message: 'lost' },
      },
      { flowId: gateway.flowId, tags: ['nightly', 'etl'], state: { type: 'FAILED', message: 'lost' } },
    ]);
    const answer = await gateway.ask(`{
      tags { value count }
      some: tags(like: "ET", first: 1) { value count }
      workQueueNames { value count }
      stateMessages(filter: { state: { type: { any: [FAILED] } } }) { value count }
      flowRunHistory(from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z", buckets: 1) {
        from to counts { stateType count }
      }
    }`);
    expect(answer).toEqual({
      tags: [
        { value: 'nightly', count: 2 },
        { value: 'etl', count: 1 },
      ],
      some: [{ value: 'etl', count: 1 }],
      workQueueNames: [{ value: 'gpu', count: 1 }],
      stateMessages: [{ value: 'lost', count: 2 }],
      flowRunHistory: [
        {
          from: '2020-01-01T00:00:00.000000Z',
          to: '2100-01-01T00:00:00.000000Z',
          counts: [{ stateType: 'FAILED', count: 2 }],
        },
      ],
    });
  });

  test.each([
    ['{ tags(first: 0) { value } }', 'first'],
    ['{ workQueueNames(first: 201) { value } }', 'first'],
    ['{ stateMessages(first: 201) { value } }', 'first'],
    [
      '{ flowRunHistory(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", buckets: 0) { to } }',
      'buckets',
    ],
    [
      '{ flowRunHistory(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", buckets: 501) { to } }',
      'buckets',
    ],
    ['{ flowRunHistory(from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z") { to } }', 'to'],
  ])('reject %s, and name the argument', async (query, argument) => {
    await expect(gateway.ask(query)).rejects.toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: [argument] }] } }],
    });
  });
});
