import { describeOnDatabases } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';

const remove =
  'mutation ($input: BulkDeleteFlowRunsInput!) { bulkDeleteFlowRuns(input: $input) { deletedIds } }';

describeOnDatabases(['embedded', 'mysql'], 'bulkDeleteFlowRuns', database => {
  const gateway = seededGateway(database);

  const emptyFilters = [
    {},
    { operator: 'OR' },
    { state: {} },
    { tags: {} },
    { state: { operator: 'OR', type: {}, name: {} } },
    { operator: 'OR', state: { type: {} }, tags: { operator: 'OR' }, id: {} },
    { id: { notAny: [] }, startTime: { before: null } },
  ];

  test.each(emptyFilters)('rejects a filter without conditions: %j', async flowRuns => {
    const [id] = await gateway.seeding.createFlowRuns([{ flowId: gateway.flowId }]);
    await expect(gateway.ask(remove, { input: { flowRuns, limit: 1 } })).rejects.toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'flowRuns'] }] } }],
    });
    expect(await gateway.ask(`{ flowRun(id: "${id}") { id } }`)).toEqual({ flowRun: { id } });
  });

  test('deletes the newest runs with `all`', async () => {
    const [id] = await gateway.seeding.createFlowRuns([{ flowId: gateway.flowId }]);
    expect(await gateway.ask(remove, { input: { flowRuns: {}, limit: 1, all: true } })).toEqual({
      bulkDeleteFlowRuns: { deletedIds: [id] },
    });
  });
});
