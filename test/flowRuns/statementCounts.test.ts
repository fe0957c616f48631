import { IsNull } from 'typeorm';
import { BulkOperationEntity } from '../../src/persistence/entities/bulkOperation';
import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';
import { statementsOf } from '../harness/statements';
import { until } from '../harness/waiting';

const setState = `mutation ($tag: String!, $type: StateType!) {
  bulkSetFlowRunState(input: { state: { type: $type }, flowRuns: { tags: { any: [$tag] } } }) {
    results { status flowRun { stateType } }
  }
}`;

interface Answer {
  bulkSetFlowRunState: { results: { status: string; flowRun: { stateType: string } }[] };
}

describeOnEveryDatabase('the number of statements', database => {
  const gateway = seededGateway(database);

  /** Runs of ten deployments with limits, each a subflow of a run of its own. */
  async function createInvolvedRuns(count: number, tag: string): Promise<void> {
    const deploymentIds: string[] = [];
    for (let index = 0; index < Math.min(count, 10); index++) {
      const settings = { flowId: gateway.flowId, name: `${tag} ${index}`, concurrencyLimit: 10 };
      deploymentIds.push(await gateway.seeding.createDeployment(settings));
    }
    const parents = await gateway.seeding.createFlowRuns(
      Array.from({ length: count }, () => ({ flowId: gateway.flowId })),
    );
    const taskRunIds = await gateway.seeding.createTaskRuns(parents.map(id => ({ flowRunId: id })));
    await gateway.seeding.createFlowRuns(
      taskRunIds.map((id, index) => ({
        deploymentId: deploymentIds[index % deploymentIds.length],
        flowId: gateway.flowId,
        parentTaskRunId: id,
        tags: [tag],
        state: { type: 'SCHEDULED' },
      })),
    );
  }

  /** Moves runs, and returns the statements of the transaction, from its beginning to its end. */
  async function move(count: number, tag: string, type: string, own = {}): Promise<string[]> {
    const statements = await statementsOf(gateway.services.database, async headers => {
      const variables = { tag, type };
      const { bulkSetFlowRunState } = await gateway.ask<Answer>(setState, variables, { ...own, ...headers });
      expect(bulkSetFlowRunState.results).toEqual(
        Array.from({ length: count }, () => ({ status: 'ACCEPT', flowRun: { stateType: type } })),
      );
    });
    const begin = statements.indexOf(gateway.services.database.dialect.begin);
    const commit = statements.indexOf('COMMIT');
    expect(begin).toBeGreaterThanOrEqual(0);
    expect(commit).toBeGreaterThan(begin);
    expect(statements.lastIndexOf('COMMIT')).toBe(commit);
    return statements.slice(begin, commit + 1);
  }

  test('is the same for a transaction of 50 runs as of one run, nine at most', async () => {
    await gateway.seeding.createFlowRuns([
      { flowId: gateway.flowId, tags: ['one'], state: { type: 'RUNNING' } },
    ]);
    await gateway.seeding.createFlowRuns(
      Array.from({ length: 50 }, () => ({
        flowId: gateway.flowId,
        tags: ['fifty'],
        state: { type: 'RUNNING' },
      })),
    );
    const one = await move(1, 'one', 'COMPLETED');
    const fifty = await move(50, 'fifty', 'COMPLETED');
    expect(fifty).toHaveLength(one.length);
    expect(fifty.length).toBeLessThanOrEqual(9);
  });

  test('is 15 at most with slots, leases and parent task runs', async () => {
    await createInvolvedRuns(1, 'one involved');
    await createInvolvedRuns(50, 'fifty involved');
    for (const type of ['PENDING', 'RUNNING', 'COMPLETED']) {
      // Only a client that renews leases is given one.
      const headers = { 'user-agent': 'prefect/3.8.8' };
      const one = await move(1, 'one involved', type, headers);
      const fifty = await move(50, 'fifty involved', type, headers);
      expect({ type, count: fifty.length }).toEqual({ type, count: one.length });
      expect(fifty.length).toBeLessThanOrEqual(15);
    }
  });

  test('is the same for a page of one, ten and twenty operations, with every field', async () => {
    for (let index = 0; index < 21; index++)
      await gateway.ask(
        `mutation { startBulkOperation(input: { state: { type: CANCELLED }, flowRuns: {}, all: true, reason: "a test" }) {
          ... on BulkOperation { id } } }`,
      );
    const operations = gateway.services.database.writer.getRepository(BulkOperationEntity);
    await until(async () => !(await operations.existsBy({ ended: IsNull() })));
    // So that there is a speed to be reckoned with.
    await gateway.worker.stop();
    await operations.updateAll({ status: 'RUNNING', ended: null, lastPosition: 1 });
    const item =
      'id operation { id } flowRunId status flowRun { name flow { name } states { totalCount } } state { name } previousState { name }';
    const operation = `id status estimatedSecondsLeft
      items(first: 3) { totalCount nodes { ${item} } }
      rejected: items(status: [REJECT]) { totalCount nodes { flowRunId } }
      outcomes { sample { id state { name } } }
      retryOf { id } undoOf { id } undoneBy { id }`;
    const page = (first: number) =>
      statementsOf(gateway.services.database, async headers => {
        const { bulkOperations } = await gateway.ask<{ bulkOperations: { nodes: object[] } }>(
          `query ($first: Int!) { bulkOperations(first: $first) { totalCount nodes { ${operation} } } }`,
          { first },
          headers,
        );
        expect(bulkOperations.nodes).toHaveLength(first);
      });
    const one = await page(1);
    expect(await page(10)).toHaveLength(one.length);
    expect(await page(20)).toHaveLength(one.length);
  });

  test('is the same for a page of 200 runs as of two, with every relation', async () => {
    await createInvolvedRuns(200, 'listed');
    const page = (first: number) =>
      statementsOf(gateway.services.database, async headers => {
        const { flowRuns } = await gateway.ask<{ flowRuns: { nodes: object[] } }>(
          `query ($first: Int!) {
            flowRuns(first: $first, filter: { tags: { any: ["listed"] } }) {
              totalCount
              nodes {
                id name stateType
                state { type name stateDetails { scheduledTime } }
                flow { name }
                deployment { name activeSlots }
                parentFlowRunId parentTaskRunId
                states(first: 1) { totalCount }
              }
            }
          }`,
          { first },
          headers,
        );
        expect(flowRuns.nodes).toHaveLength(first);
      });
    const two = await page(2);
    expect(await page(200)).toHaveLength(two.length);
  });

  test('is the same for a page of 50 runs as of two, with every list and count of them', async () => {
    await createInvolvedRuns(50, 'related');
    const page = (first: number, fields: string) =>
      statementsOf(gateway.services.database, async headers => {
        const { flowRuns } = await gateway.ask<{ flowRuns: { nodes: object[] } }>(
          `query ($first: Int!) {
            flowRuns(first: $first, filter: { tags: { any: ["related"] } }) { nodes { ${fields} } }
          }`,
          { first },
          headers,
        );
        expect(flowRuns.nodes).toHaveLength(first);
      });
    const lists = `labels jobVariables
      state { flowRun { id } }
      parentFlowRun { name subflows(first: 2) { nodes { name } } }
      bulkOperations(first: 2) { totalCount nodes { id } }
      flow { flowRuns(first: 2, sort: NAME_ASC) { nodes { id } } deployments(first: 2) { totalCount nodes { id } } }
      deployment {
        flowRuns(first: 2, sort: END_TIME_DESC, filter: { tags: { any: ["related"] } }) { nodes { id } }
      }`;
    const counts =
      'parentFlowRun { subflows { totalCount } } deployment { flowRuns { totalCount } } flow { flowRuns { totalCount } }';
    expect(await page(50, lists)).toHaveLength((await page(2, lists)).length);
    expect(await page(6, counts)).toHaveLength((await page(2, counts)).length);
  });
});
