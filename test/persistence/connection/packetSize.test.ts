import type { Logger } from 'typeorm';
import { parseDatabaseAddress } from '../../../src/config/databaseAddress';
import { errorKindOf } from '../../../src/persistence/connection/errorKind';
import { openServerConnection } from '../../../src/persistence/connection/serverConnection';
import { describeOnDatabases, describeOnEveryDatabase } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';
import { until } from '../../harness/waiting';

/** A statement stays below the smallest packet that servers are set to, however its characters are encoded. */
const maxCharacters = (1024 * 1024) / 3;

const charactersOf = (parameters: unknown): number =>
  (Array.isArray(parameters) ? (parameters as unknown[]) : []).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
    0,
  );

describeOnEveryDatabase('large states', database => {
  const gateway = seededGateway(database, { OPERATION_BATCH_SIZE: '500' });

  /** Records the characters of the largest statement that is sent while something is done. */
  async function largestStatement(work: () => Promise<void>): Promise<number> {
    const { writer } = gateway.services.database;
    const { logger } = writer;
    let largest = 0;
    const nothing = () => undefined;
    const recorder: Logger = {
      logQuery(_sql, parameters) {
        largest = Math.max(largest, charactersOf(parameters));
      },
      logQueryError: nothing,
      logQuerySlow: nothing,
      logSchemaBuild: nothing,
      logMigration: nothing,
      log: nothing,
    };
    writer.logger = recorder;
    try {
      await work();
    } finally {
      writer.logger = logger;
    }
    return largest;
  }

  const createRuns = (count: number) =>
    gateway.seeding.createFlowRuns(
      Array.from({ length: count }, () => ({ flowId: gateway.flowId, state: { type: 'RUNNING' } })),
    );

  test('are written by an operation in statements of bounded size', async () => {
    await createRuns(200);
    const message = '"é\\'.repeat(5000);
    const largest = await largestStatement(async () => {
      const { startBulkOperation } = await gateway.ask<{ startBulkOperation: { id: string } }>(
        `mutation ($message: String!) { startBulkOperation(input: { state: { type: COMPLETED, message: $message },
          flowRuns: {}, all: true, reason: "a test" }) { ... on BulkOperation { id } } }`,
        { message },
      );
      await until(async () => {
        const { bulkOperation } = await gateway.ask<{ bulkOperation: { status: string } }>(
          'query ($id: ID!) { bulkOperation(id: $id) { status } }',
          startBulkOperation,
        );
        return bulkOperation.status === 'COMPLETED';
      });
    });
    expect(largest).toBeGreaterThan(message.length);
    expect(largest).toBeLessThan(maxCharacters);
  });

  test('are rejected if one call would write too many of them, and nothing is written', async () => {
    await createRuns(1);
    const set = (limit: number) =>
      gateway.ask<{ bulkSetFlowRunState: { results: { status: string }[] } }>(
        `mutation ($data: JSON!, $limit: Int!) { bulkSetFlowRunState(input: { state: { type: FAILED, data: $data },
          limit: $limit, flowRuns: { state: { type: { any: [RUNNING] } } } }) { results { status } } }`,
        { data: 'x'.repeat(200_000), limit },
      );
    await expect(set(50)).rejects.toMatchObject({
      message: expect.stringContaining(
        'must have at most 160000 characters together for up to 50 runs',
      ) as unknown,
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 'state'] }] } }],
    });
    expect(await set(1)).toMatchObject({ bulkSetFlowRunState: { results: [{ status: 'ACCEPT' }] } });
  });
});

describeOnDatabases(['mariadb'], 'a statement that is larger than the server accepts', database => {
  test('has an error of its own, and leaves the connection usable', async () => {
    const address = parseDatabaseAddress(database.url);
    if (address.kind === 'embedded') throw new Error('this test is about servers');
    const connection = await openServerConnection({ address, sessionSettings: 'SET SESSION sql_mode = 0' });
    try {
      const value = 'x'.repeat(17 * 1024 * 1024);
      const error: unknown = await connection
        .query('SELECT ?', [value], 0)
        .catch((thrown: unknown) => thrown);
      expect(errorKindOf(error)).toBe('tooLarge');
      expect((await connection.query('SELECT 1 AS one', [], 0))[0]).toEqual([{ one: 1 }]);
    } finally {
      connection.destroy();
    }
  });
});
