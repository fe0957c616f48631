import type { Database } from '../../src/persistence/connection/database';
import { describeOnDatabases, describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';
import { statementsOf } from '../harness/statements';
import { until } from '../harness/subscribing';

describeOnEveryDatabase('reads that look at every run', database => {
  const gateway = seededGateway(database);

  test('leave connections for state changes and pages, however many of them are sent', async () => {
    const [id] = await gateway.seeding.createFlowRuns([
      { flowId: gateway.flowId, state: { type: 'RUNNING' } },
    ]);
    const { scan, reader } = gateway.services.database;
    let finish = (): void => undefined;
    const finished = new Promise<void>(resolve => {
      finish = resolve;
    });
    const isEmbedded = gateway.services.database.kind === 'embedded';
    // As slow counts would; on the embedded database, which reads one after the other, none is slow without holding up all.
    const slow = isEmbedded ? [] : Array.from({ length: 20 }, () => scan('counts', reader, () => finished));
    const aliases = Array.from({ length: 20 }, (_none, index) => `c${index}: flowRunCount`);
    const counting = Promise.all(
      Array.from({ length: 5 }, () => gateway.ask<Record<string, number>>(`{ ${aliases.join(' ')} }`)),
    );
    try {
      await expect(
        gateway.ask(
          `mutation ($id: UUID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }`,
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

const slowCount =
  'SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c';

describeOnDatabases(['mysql', 'mariadb'], 'a count that nobody waits for any more', database => {
  const gateway = seededGateway(database);

  const isUnderWay = async ({ primary }: Database): Promise<boolean> => {
    const rows: unknown[] = await primary.query(
      "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT COUNT(*) FROM information_schema%'",
    );
    return rows.length > 0;
  };

  test('is ended on the server, and frees its place', async () => {
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
