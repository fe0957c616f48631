import { randomUUID } from 'node:crypto';
import { describeOnEveryDatabase } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';
import { until } from '../../harness/waiting';

interface Page {
  totalCount?: number;
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const idsOf = ({ nodes }: Page): string[] => nodes.map(({ id }) => id);
const pageInfo = 'pageInfo { hasNextPage endCursor }';

describeOnEveryDatabase('what runs belong to', database => {
  const gateway = seededGateway(database);
  let deploymentId: string;
  let parentId: string;
  let subflowIds: string[];
  const operationIds: string[] = [];

  const startOperation = async (reason: string, ids: readonly string[]): Promise<string> => {
    const { made } = await gateway.ask<{ made: { id: string } }>(
      `mutation ($ids: [ID!], $reason: String!) {
        made: startBulkOperation(input: {
          state: { type: CANCELLED }, flowRuns: { id: { any: $ids } }, reason: $reason, force: true
        }) { ... on BulkOperation { id } } }`,
      { ids, reason },
    );
    return made.id;
  };

  beforeAll(async () => {
    const { seeding, flowId } = gateway;
    deploymentId = await seeding.createDeployment({ flowId, name: 'nightly' });
    [parentId = ''] = await seeding.createFlowRuns([{ flowId, state: { type: 'RUNNING' } }]);
    const taskRunIds = await seeding.createTaskRuns([{ flowRunId: parentId }, { flowRunId: parentId }]);
    subflowIds = await seeding.createFlowRuns(
      ['c', 'a', 'b'].map((name, index) => ({
        flowId,
        deploymentId,
        name,
        parentTaskRunId: taskRunIds[index % 2],
        tags: index === 2 ? ['last'] : [],
        state: { type: 'RUNNING' },
      })),
    );
    for (const reason of ['first', 'second', 'third'])
      operationIds.unshift(await startOperation(reason, subflowIds));
    await until(async () => {
      const { bulkOperations } = await gateway.ask<{ bulkOperations: { nodes: { ended: unknown }[] } }>(
        '{ bulkOperations { nodes { ended } } }',
      );
      return bulkOperations.nodes.every(({ ended }) => ended !== null);
    });
  });

  const newestFirst = () => [...subflowIds].reverse();
  const lists = {
    flow: `flow(id: $id) { list: flowRuns`,
    deployment: `deployment(id: $id) { list: flowRuns`,
    parent: `flowRun(id: $id) { list: subflows`,
    deployments: `flow(id: $id) { list: deployments`,
    operations: `flowRun(id: $id) { list: bulkOperations`,
  };

  const list = async (name: keyof typeof lists, id: string, args: string, after?: string | null) => {
    const { owner } = await gateway.ask<{ owner: { list: Page } }>(
      `query ($id: ID!, $after: String) { owner: ${lists[name]}(after: $after ${args}) {
        totalCount nodes { id } ${pageInfo} } } }`,
      { id, after },
    );
    return owner.list;
  };

  test.each(['FlowRun', 'Flow', 'Deployment', 'BulkOperation'])('node finds a %s by its id', async type => {
    const ids: Record<string, string | undefined> = {
      FlowRun: parentId,
      Flow: gateway.flowId,
      Deployment: deploymentId,
      BulkOperation: operationIds[0],
    };
    const { node } = await gateway.ask<{ node: unknown }>(
      `query ($id: ID!) { node(id: $id) { id __typename
        ... on FlowRun { created } ... on Flow { created } ... on Deployment { created } ... on BulkOperation { created } } }`,
      { id: ids[type]?.toUpperCase() },
    );
    expect(node).toEqual({ id: ids[type], __typename: type, created: expect.any(String) });
  });

  test('node returns null for an id that no node has, such as that of a state', async () => {
    const { flowRun } = await gateway.ask<{ flowRun: { state: { id: string } } }>(
      'query ($id: ID!) { flowRun(id: $id) { state { id } } }',
      { id: parentId },
    );
    const found = await gateway.ask(
      'query ($a: ID!, $b: ID!) { a: node(id: $a) { id } b: node(id: $b) { id } }',
      { a: randomUUID(), b: flowRun.state.id },
    );
    expect(found).toEqual({ a: null, b: null });
  });

  test.each([
    ['a literal', '{ node(id: "run-1") { id } }', {}],
    ['a variable', 'query ($id: ID!) { node(id: $id) { id } }', { id: 'run-1' }],
  ])('node rejects %s that is not a UUID', async (_where, query, variables) => {
    await expect(gateway.ask(query, variables)).rejects.toMatchObject({
      errors: [
        {
          message: expect.stringContaining('expected a UUID'),
          locations: [expect.anything()],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });

  test('a subflow has its parent, and a parent its subflows, newest first', async () => {
    const { flowRun } = await gateway.ask<{ flowRun: { parentFlowRun: object | null } }>(
      'query ($id: ID!) { flowRun(id: $id) { parentFlowRun { id parentFlowRun { id } } } }',
      { id: subflowIds[0] },
    );
    expect(flowRun.parentFlowRun).toEqual({ id: parentId, parentFlowRun: null });

    const first = await list('parent', parentId, 'first: 2');
    expect(idsOf(first)).toEqual(newestFirst().slice(0, 2));
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const second = await list('parent', parentId, 'first: 2', first.pageInfo.endCursor);
    expect(idsOf(second)).toEqual(newestFirst().slice(2));
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect(await list('parent', subflowIds[0] ?? '', '')).toMatchObject({ totalCount: 0, nodes: [] });
  });

  test.each([
    ['', () => newestFirst()],
    ['filter: { tags: { any: ["last"] } }', () => newestFirst().slice(0, 1)],
    ['filter: { id: { any: [] } }', () => []],
    ['sort: NAME_ASC', () => [1, 2, 0].map(index => subflowIds[index])],
    // Only some runs have a start time, so that the pages go over both parts of the list.
    ['sort: NEXT_SCHEDULED_START_TIME_ASC', () => newestFirst()],
  ])('a deployment has its runs, page by page: %s', async (args, expected) => {
    const found: string[] = [];
    let after: string | null = null;
    for (let page = await list('deployment', deploymentId, `first: 1 ${args}`); ; ) {
      found.push(...idsOf(page));
      expect(page.totalCount).toBe(expected().length);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
      page = await list('deployment', deploymentId, `first: 1 ${args}`, after);
    }
    expect(found).toEqual(expected());
  });

  test('the sorted runs of a flow are those of the list of all runs', async () => {
    const [early = '', late = ''] = await gateway.seeding.createFlowRuns(
      ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'].map(scheduledTime => ({
        flowId: gateway.flowId,
        state: { type: 'SCHEDULED', stateDetails: { scheduledTime } },
      })),
    );
    const another = await gateway.seeding.createFlow('another');
    await gateway.seeding.createFlowRuns([{ flowId: another }]);
    for (const sort of ['NEXT_SCHEDULED_START_TIME_ASC', 'END_TIME_DESC', 'START_TIME_DESC', 'NAME_DESC']) {
      const { flowRuns } = await gateway.ask<{ flowRuns: Page }>(
        `query ($flow: ID!) { flowRuns(sort: ${sort}, filter: { flow: { id: { any: [$flow] } } }) { nodes { id } ${pageInfo} } }`,
        { flow: gateway.flowId },
      );
      const first = await list('flow', gateway.flowId, `first: 2 sort: ${sort}`);
      const rest = await list('flow', gateway.flowId, `sort: ${sort}`, first.pageInfo.endCursor);
      expect([...idsOf(first), ...idsOf(rest)]).toEqual(idsOf(flowRuns));
      expect(idsOf(flowRuns)).toEqual(expect.arrayContaining([early, late]));
    }
  });

  test('a run has the operations that have it as an item, newest first', async () => {
    const [run = ''] = subflowIds;
    const first = await list('operations', run, 'first: 2');
    expect(idsOf(first)).toEqual(operationIds.slice(0, 2));
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const second = await list('operations', run, 'first: 2', first.pageInfo.endCursor);
    expect(idsOf(second)).toEqual(operationIds.slice(2));
    expect(await list('operations', parentId, '')).toMatchObject({ totalCount: 0, nodes: [] });
    const filtered = await gateway.ask<{ some: Page; none: Page }>(
      `query ($run: ID!, $parent: ID!) {
        some: bulkOperations(filter: { flowRunId: $run }, first: 2) { totalCount nodes { id } ${pageInfo} }
        none: bulkOperations(filter: { flowRunId: $parent }) { totalCount nodes { id } ${pageInfo} }
      }`,
      { run, parent: parentId },
    );
    expect(filtered.some).toMatchObject({ totalCount: 3 });
    expect(idsOf(filtered.some)).toEqual(operationIds.slice(0, 2));
    expect(filtered.none).toMatchObject({ totalCount: 0, nodes: [] });
  });

  test.each(['flow', 'deployment', 'parent', 'operations'] as const)(
    'rejects a cursor of another list in the list of a %s',
    async name => {
      const owners = {
        flow: gateway.flowId,
        deployment: deploymentId,
        parent: parentId,
        operations: subflowIds[0] ?? '',
      };
      const others = (['flow', 'deployment', 'parent', 'operations'] as const).filter(one => one !== name);
      for (const other of others) {
        const { endCursor } = (await list(other, owners[other], '')).pageInfo;
        await expect(list(name, owners[name], '', endCursor)).rejects.toMatchObject({
          errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } }],
        });
      }
    },
  );

  test('a flow has its deployments by name', async () => {
    const flowId = await gateway.seeding.createFlow('with deployments');
    const ids: Record<string, string> = {};
    for (const name of ['b', 'c', 'a', 'B'])
      ids[name] = await gateway.seeding.createDeployment({ flowId, name });
    const first = await list('deployments', flowId, 'first: 3');
    const second = await list('deployments', flowId, 'first: 3', first.pageInfo.endCursor);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(['B', 'a', 'b', 'c'].map(name => ids[name]));
    expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
    expect(second.pageInfo.hasNextPage).toBe(false);
    const other = (await list('deployments', gateway.flowId, '')).pageInfo.endCursor;
    await expect(list('deployments', flowId, '', other)).rejects.toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['after'] }] } }],
    });
  });

  test('an item has an id of its own that stays, and its operation', async () => {
    const query = `query ($id: ID!) { bulkOperation(id: $id) { items { nodes { id flowRunId operation { id } } } } }`;
    interface Found {
      bulkOperation: { items: { nodes: { id: string; operation: { id: string } }[] } };
    }
    const found = await Promise.all(operationIds.map(id => gateway.ask<Found>(query, { id })));
    const items = found.flatMap(({ bulkOperation }) => bulkOperation.items.nodes);
    expect(new Set(items.map(({ id }) => id)).size).toBe(9);
    expect(items.map(({ operation }) => operation.id)).toEqual(operationIds.flatMap(id => [id, id, id]));
    expect(await Promise.all(operationIds.map(id => gateway.ask<Found>(query, { id })))).toEqual(found);
  });

  test('a state has its run', async () => {
    const { flowRun } = await gateway.ask<{ flowRun: { states: { nodes: object[] } } }>(
      'query ($id: ID!) { flowRun(id: $id) { states { nodes { flowRun { id } } } } }',
      { id: subflowIds[0] },
    );
    expect(flowRun.states.nodes.length).toBeGreaterThan(1);
    for (const state of flowRun.states.nodes) expect(state).toEqual({ flowRun: { id: subflowIds[0] } });
  });

  test('labels and job variables are those that the client sent, and empty without any', async () => {
    const response = await fetch(new URL('/api/flow_runs/', gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        flow_id: gateway.flowId,
        labels: { team: 'data', tries: 2 },
        job_variables: { cpu: 2, env: { A: '1' } },
      }),
    });
    const { id } = (await response.json()) as { id: string };
    const { sent, none } = await gateway.ask<{ sent: unknown; none: unknown }>(
      `query ($id: ID!, $other: ID!) {
        sent: flowRun(id: $id) { labels jobVariables }
        none: flowRun(id: $other) { labels jobVariables } }`,
      { id, other: parentId },
    );
    expect(sent).toEqual({ labels: { team: 'data', tries: 2 }, jobVariables: { cpu: 2, env: { A: '1' } } });
    expect(none).toEqual({ labels: {}, jobVariables: {} });
  });
});
