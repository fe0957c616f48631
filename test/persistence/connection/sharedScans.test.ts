import { setImmediate } from 'node:timers/promises';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { isUnavailable } from '../../../src/persistence/connection/errorKind';
import { FlowEntity } from '../../../src/persistence/entities/deployment';
import { describeOnDatabases, describeOnEveryDatabase } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';
import { statementsOf } from '../../harness/statements';
import { until } from '../../harness/waiting';

describeOnEveryDatabase('reads of all runs', database => {
  const gateway = seededGateway(database);

  test('leave connections for state changes and pages, in any number', async () => {
    const [id] = await gateway.seeding.createFlowRuns([
      { flowId: gateway.flowId, state: { type: 'RUNNING' } },
    ]);
    const { scan, reader } = gateway.services.database;
    let finish = (): void => undefined;
    const finished = new Promise<void>(resolve => {
      finish = resolve;
    });
    const slow = Array.from({ length: 20 }, () => scan('counts', reader, () => finished));
    const aliases = Array.from({ length: 20 }, (_none, index) => `c${index}: flowRunCount`);
    const counting = Promise.all(
      Array.from({ length: 5 }, () => gateway.ask<Record<string, number>>(`{ ${aliases.join(' ')} }`)),
    );
    try {
      await expect(
        gateway.ask(
          `mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }`,
          { id },
        ),
      ).resolves.toEqual({ setFlowRunState: { status: 'ACCEPT' } });
      await expect(gateway.ask('{ flowRuns(first: 1) { nodes { stateType } } }')).resolves.toEqual({
        flowRuns: { nodes: [{ stateType: 'COMPLETED' }] },
      });
    } finally {
      finish();
    }
    await Promise.all(slow);
    for (const answer of await counting) expect(new Set(Object.values(answer))).toEqual(new Set([1]));
  });

  test('share one statement among counts of one filter that wait at the same time', async () => {
    const counts = ['FAILED', 'RUNNING'].flatMap(type =>
      Array.from(
        { length: 8 },
        (_none, index) => `${type}${index}: flowRunCount(filter: { state: { type: { any: [${type}] } } })`,
      ),
    );
    const statements = await statementsOf(gateway.services.database, headers =>
      gateway.ask(`{ ${counts.join(' ')} }`, {}, headers),
    );
    expect(statements.filter(statement => statement.includes('COUNT(*)'))).toHaveLength(2);
  });
});

describeOnDatabases(['embedded'], 'a scan of the embedded database', database => {
  const gateway = seededGateway(database);
  const numbers = (last: number): string =>
    `WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${last}) SELECT n FROM number WHERE n IN (1, ${last})`;

  test.each(['counts', 'pages', 'changes'] as const)('of %s does not block other work', async kind => {
    const { scan, reader } = gateway.services.database;
    const other = { turns: 0, isOver: false };
    const scanning = scan(kind, reader, manager => manager.query<object[]>(numbers(1_000_000))).finally(
      () => {
        other.isOver = true;
      },
    );
    for (; !other.isOver; other.turns++) await setImmediate();
    await expect(scanning).resolves.toEqual([{ n: 1 }, { n: 1_000_000 }]);
    expect(other.turns).toBeGreaterThan(100);
  });

  test('writes nothing', async () => {
    const { scan, reader } = gateway.services.database;
    await expect(
      scan('counts', reader, manager => manager.query(`DELETE FROM ${FlowEntity.tableName} RETURNING id`)),
    ).rejects.toThrow(/readonly/);
  });

  test.each([0, 100])('is rejected as unavailable if the database is closed %d turns later', async turns => {
    const opened = await openDatabase({ url: database.url });
    const failed = opened
      .scan('counts', opened.reader, manager => manager.query(numbers(1_000_000)))
      .catch(isUnavailable);
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    await opened.close();
    await expect(failed).resolves.toBe(true);
  });
});

const slowCount =
  'SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c';

describeOnDatabases(['mysql', 'mariadb'], 'a count whose caller has left', database => {
  const gateway = seededGateway(database);

  const isUnderWay = async ({ primary }: Database): Promise<boolean> => {
    const rows: unknown[] = await primary.query(
      "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT COUNT(*) FROM information_schema%'",
    );
    return rows.length > 0;
  };

  test('is ended on the server, and returns its permit', async () => {
    const { database: opened } = gateway.services;
    const left = new AbortController();
    const counts = Array.from({ length: 6 }, () =>
      opened
        .scan('counts', opened.reader, manager => manager.query(slowCount), { signal: left.signal })
        .catch(String),
    );
    await until(() => isUnderWay(opened));
    left.abort(new Error('the client left'));
    await until(async () => !(await isUnderWay(opened)));
    await Promise.all(counts);
    await expect(gateway.ask('{ flowRunCount }')).resolves.toEqual({ flowRunCount: 0 });
  }, 60_000);
});
