import { describeOnDatabases } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';

interface File {
  exec(sql: string): void;
  close(): void;
}

describeOnDatabases(['embedded'], 'a file that another process writes to', database => {
  const gateway = seededGateway(database);

  test('ends writes in UNAVAILABLE, does not delay reads, and accepts writes once it is free', async () => {
    const [id] = await gateway.seeding.createFlowRuns([
      { flowId: gateway.flowId, state: { type: 'RUNNING' } },
    ]);
    const LibSql = require('libsql') as new (file: string) => File;
    const other = new LibSql(database.url.slice('file:'.length));
    other.exec('BEGIN IMMEDIATE');
    const set = () =>
      gateway.ask(
        'mutation ($id: ID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }',
        { id },
      );
    try {
      const start = performance.now();
      const refused = set().catch((error: unknown) => error);
      const ready = await fetch(new URL('/livez', gateway.url));
      await gateway.ask('{ flowRuns(first: 1) { nodes { stateType } } }');
      expect(ready.status).toBe(200);
      expect(performance.now() - start).toBeLessThan(4000);
      expect(await refused).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
    expect(await set()).toEqual({ setFlowRunState: { status: 'ACCEPT' } });
  }, 30_000);
});
