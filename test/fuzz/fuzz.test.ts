import { runFuzz } from '../../fuzz/fuzz';
import { describeOnEveryDatabase } from '../harness/databases';

const seed = 4;
/** Their shapes are the same everywhere: the servers show what a statement makes of them. */
const calls = { embedded: 600, mysql: 300, mariadb: 300 } as const;

describeOnEveryDatabase(`calls of random shape (seed ${seed})`, database => {
  test('succeed or are rejected with nothing written, and neither fail nor stop the gateway', async () => {
    const report = await runFuzz({
      databaseUrl: database.url,
      calls: calls[database.kind],
      seed,
      say: () => undefined,
    });

    expect(report.findings).toEqual([]);
    expect(report.exitCode).toBe(0);
    // Calls that are all refused would show nothing.
    const statuses = [...report.statuses.keys()];
    expect(statuses).toEqual(
      expect.arrayContaining(['GraphQL 200', 'GraphQL 400', 'REST 200', 'REST 201', 'REST 422']),
    );
    expect(report.refused).toBeGreaterThan(calls[database.kind] / 10);
    expect(report.refused).toBeLessThan((calls[database.kind] * 9) / 10);
  }, 240_000);
});
