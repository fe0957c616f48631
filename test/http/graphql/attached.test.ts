import { describeOnEveryDatabase } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';

const reason = 'Create runs in the other server.';
const id = '5f1ac3a2-8a0b-4c86-9c9e-f0f4b5a4e2aa';

describeOnEveryDatabase('GraphQL: a gateway that carries out no changes', database => {
  const gateway = seededGateway(database);

  beforeAll(() => {
    gateway.services.executor = { ...gateway.services.executor, refusalOfChanges: reason };
  });

  test.each([
    ['createFlow', `createFlow(input: { name: "other" }) { id }`],
    ['createDeployment', `createDeployment(input: { flowId: "${id}", name: "any" }) { id }`],
    ['updateDeployment', `updateDeployment(input: { id: "${id}" }) { id }`],
    ['createFlowRuns', `createFlowRuns(input: [{ flowId: "${id}" }]) { results { flowRun { id } } }`],
    ['createTaskRuns', `createTaskRuns(input: [{ flowRunId: "${id}" }]) { taskRuns { id } }`],
  ])('refuses %s with the reason, and creates nothing', async (_name, mutation) => {
    await expect(gateway.ask(`mutation { ${mutation} }`)).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining(reason), extensions: { code: 'BAD_USER_INPUT' } }],
    });
    const counted = await gateway.ask<{ flowRunStateCounts: { count: number }[] }>(
      '{ flowRunStateCounts { count } }',
    );
    expect(counted.flowRunStateCounts.reduce((sum, { count }) => sum + count, 0)).toBe(0);
  });
});
