import { describeOnDatabases } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';

interface Refused {
  errors: { extensions: { code: string; issues?: { path: unknown[]; message: string }[] } }[];
}

// What a page may be is no matter of the database.
describeOnDatabases(['embedded'], 'the size of a page', database => {
  const gateway = seededGateway(database, { MAX_PAGE_SIZE: '60' });

  beforeAll(async () => {
    await gateway.seeding.createFlowRuns([{ flowId: gateway.flowId, state: { type: 'FAILED' } }]);
    const made = await gateway.ask<{ startBulkOperation: { id: string } }>(
      `mutation { startBulkOperation(input: { state: { type: CANCELLED }, flowRuns: {}, all: true, reason: "a test" }) {
        ... on BulkOperation { id }
      } }`,
    );
    expect(made.startBulkOperation.id).toEqual(expect.any(String));
  });

  const lists = (first: string): [list: string, query: string][] => [
    ['runs', `{ flowRuns${first} { nodes { id } } }`],
    ["a run's states", `{ flowRuns { nodes { states${first} { nodes { id } } } } }`],
    ['flows', `{ flows${first} { nodes { id } } }`],
    ['deployments', `{ deployments${first} { nodes { id } } }`],
    ['operations', `{ bulkOperations${first} { nodes { id } } }`],
    ["an operation's items", `{ bulkOperations { nodes { items${first} { nodes { flowRunId } } } } }`],
  ];

  test.each(lists('(first: 61)'))('a page of %s is no larger than MAX_PAGE_SIZE', async (_list, query) => {
    const refused = await gateway.ask(query).catch((error: unknown) => error as Refused);

    expect(refused).toMatchObject({
      errors: [
        {
          extensions: {
            code: 'BAD_USER_INPUT',
            issues: [{ path: ['first'], message: 'must be at most 60' }],
          },
        },
      ],
    });
  });

  test.each(lists('(first: 0)'))('a page of %s has at least one item', async (_list, query) => {
    await expect(gateway.ask(query)).rejects.toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['first'] }] } }],
    });
  });

  test.each([...lists('(first: 60)'), ...lists('')])(
    'rejects another size of %s: %s',
    async (_list, query) => {
      await expect(gateway.ask(query)).resolves.toBeDefined();
    },
  );
});
