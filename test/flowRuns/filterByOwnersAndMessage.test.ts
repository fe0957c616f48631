import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';
import { countListeners, subscribe } from '../harness/subscribing';
import { until } from '../harness/waiting';

const flow = { name: { like: 'ÄRGER' } };
const deployment = { name: { any: ['nightly'] } };
const filter = { flow, deployment, state: { message: { like: 'Wörker' } } };

describeOnEveryDatabase('a filter by flow, deployment and message', database => {
  const gateway = seededGateway(database);
  let owners: { flowId: string; deploymentId: string };

  beforeAll(async () => {
    const flowId = await gateway.seeding.createFlow('Ärger 7');
    const deploymentId = await gateway.seeding.createDeployment({ flowId, name: 'nightly' });
    owners = { flowId, deploymentId };
  });
  /** Creates runs that match, and as many of which each lacks one of the three. */
  async function createRuns(count: number): Promise<string[]> {
    const failed = { type: 'FAILED', message: 'lost the WÖRKER' };
    const run = { ...owners, state: failed };
    const matching = await gateway.seeding.createFlowRuns(Array.from({ length: count }, () => run));
    await gateway.seeding.createFlowRuns([
      { flowId: owners.flowId, state: failed },
      { flowId: gateway.flowId, state: failed },
      { ...owners, state: { ...failed, message: 'lost the worker' } },
      { ...owners, state: { type: 'FAILED' } },
      owners,
    ]);
    return matching.reverse();
  }
  const input = { state: { type: 'COMPLETED' }, flowRuns: filter };

  test('moves what it previews, and nothing else', async () => {
    const ids = await createRuns(3);
    const fields = '{ results { flowRunId status } }';
    const { preview } = await gateway.ask<{ preview: unknown }>(
      `query ($input: BulkSetFlowRunStateInput!) { preview: previewBulkSetFlowRunState(input: $input) ${fields} }`,
      { input },
    );
    const { moved } = await gateway.ask<{ moved: unknown }>(
      `mutation ($input: BulkSetFlowRunStateInput!) { moved: bulkSetFlowRunState(input: $input) ${fields} }`,
      { input },
    );

    expect(moved).toEqual({ results: ids.map(flowRunId => ({ flowRunId, status: 'ACCEPT' })) });
    expect(preview).toEqual(moved);
    const count = 'query ($filter: FlowRunFilter) { flowRunCount(filter: $filter) }';
    expect(await gateway.ask(count, { filter })).toEqual({ flowRunCount: 0 });
  });

  test('deletes what matches, and nothing else', async () => {
    const ids = await createRuns(2);
    const { flowRunCount } = await gateway.ask<{ flowRunCount: number }>('{ flowRunCount }');
    const deleted = await gateway.ask(
      'mutation ($flowRuns: FlowRunFilter!) { bulkDeleteFlowRuns(input: { flowRuns: $flowRuns }) { deletedIds } }',
      { flowRuns: filter },
    );

    expect(deleted).toEqual({ bulkDeleteFlowRuns: { deletedIds: ids } });
    expect(await gateway.ask('{ flowRunCount }')).toEqual({ flowRunCount: flowRunCount - 2 });
  });

  test('selects the runs of an operation, which returns it as it was sent', async () => {
    const ids = await createRuns(3);
    const started = await gateway.ask<{ started: { id: string } }>(
      `mutation ($input: BulkOperationInput!) {
        started: startBulkOperation(input: $input) { ... on BulkOperation { id } ... on BulkOperationRefused { message } }
      }`,
      { input: { ...input, reason: 'a test', expectedCount: 3 } },
    );
    const read = () =>
      gateway.ask<{ bulkOperation: { status: string } }>(
        `query ($id: ID!) { bulkOperation(id: $id) { status flowRuns items { nodes { flowRunId status } } } }`,
        { id: started.started.id },
      );
    await until(async () => (await read()).bulkOperation.status === 'COMPLETED');

    const { bulkOperation } = await read();
    expect(bulkOperation).toMatchObject({ flowRuns: filter });
    expect(bulkOperation).toMatchObject({
      items: { nodes: expect.arrayContaining(ids.map(flowRunId => ({ flowRunId, status: 'ACCEPT' }))) },
    });
  });

  test('chooses the changes that a subscription reports', async () => {
    const listeners = countListeners(gateway.services);
    const subscription = subscribe(
      gateway,
      `subscription { flowRunStateChanged(filter: {
        flow: { name: { like: "ÄRGER" } }, deployment: { name: { any: ["nightly"] } },
        state: { message: { like: "Wörker" } }
      }) { flowRun { id } } }`,
    );
    const first = subscription.next();
    await until(() => listeners() === 1);
    await gateway.seeding.createFlowRuns([{ ...owners, state: { type: 'FAILED', message: 'another' } }]);
    const [id] = await createRuns(1);

    expect(await first).toEqual({ data: { flowRunStateChanged: { flowRun: { id } } } });
    await subscription.stop();
  });
});
