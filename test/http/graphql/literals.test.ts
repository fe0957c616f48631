import { describeOnDatabases } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';

describeOnDatabases(['embedded'], 'the error of a literal', database => {
  const gateway = seededGateway(database);

  test.each<[query: string, path: (string | number)[], message: string]>([
    [
      '{ flowRunCount(filter: { startTime: { after: "2026-11-24T" } }) }',
      ['filter', 'startTime', 'after'],
      'expected date, time and zone, for example 2026-11-24T00:00:00Z (got "2026-11-24T")',
    ],
    [
      '{ flowRunCount(filter: { id: { any: ["019a0000-0000-7000-8000-000000000000", "x"] } }) }',
      ['filter', 'id', 'any', 1],
      'expected a UUID, for example 0193a1b2-0000-7000-8000-000000000000 (got "x")',
    ],
    [
      '{ flowRun(id: 5) { id } }',
      ['id'],
      'expected a UUID, for example 0193a1b2-0000-7000-8000-000000000000 (got 5)',
    ],
    [
      'query ($first: Int! = "a") { flowRuns(first: $first) { totalCount } }',
      ['$first'],
      'Int cannot represent non-integer value: "a"',
    ],
    [
      '{ flowRunCount(filter: { nothing: 1 }) }',
      ['filter', 'nothing'],
      'Field "nothing" is not defined by type "FlowRunFilter".',
    ],
  ])('has the path of the literal: %s', async (query, path, message) => {
    await expect(gateway.ask(query)).rejects.toMatchObject({
      errors: [
        {
          locations: [{ line: 1, column: expect.any(Number) }],
          message: expect.stringContaining(message),
          extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message }] },
        },
      ],
    });
  });

  test('equals the error of a value in a variable', async () => {
    const query = 'query ($f: FlowRunFilter) { flowRunCount(filter: $f) }';
    await expect(gateway.ask(query, { f: { startTime: { after: 'noon' } } })).rejects.toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['f', 'startTime', 'after'] }] } }],
    });
  });
});
