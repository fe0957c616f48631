import { flowsToRerun } from '../../demo/operation';
import { fillWithSample } from '../../demo/sample';
import { stateTypes } from '../../src/domain/state';
import { type Database, openDatabase } from '../../src/persistence/connection/database';
import { faultsOf } from '../harness/consistency';
import { describeOnDatabases } from '../harness/databases';
import { testServices } from '../harness/services';

describeOnDatabases(['embedded', 'mysql'], "the demo's night", test => {
  let database: Database;
  let size: number;
  const numberOf = async (rest: string): Promise<number> => {
    const [row] = (await database.primary.query(`SELECT COUNT(*) AS number FROM ${rest}`)) as {
      number: number;
    }[];
    return Number(row?.number);
  };

  beforeAll(async () => {
    database = await openDatabase({ url: test.url });
    await database.migrate();
    size = await fillWithSample(testServices(database, []));
  });
  afterAll(() => database.close());

  it('has about 4,000 runs, in all states', async () => {
    expect(size).toBeGreaterThan(3900);
    expect(size).toBeLessThan(4200);
    expect(await numberOf('flow_run')).toBe(size);
    const types: { type: string }[] = await database.primary.query(
      'SELECT DISTINCT state_type AS type FROM flow_run',
    );
    expect(types.map(({ type }) => type).sort()).toEqual([...stateTypes].sort());
  });

  it('contradicts itself nowhere: columns, histories, slots', async () => {
    expect(await faultsOf(database)).toEqual([]);
  });

  it('has durations, retries, subflows and several causes', async () => {
    const ended = "flow_run WHERE state_type IN ('COMPLETED', 'FAILED', 'CRASHED')";
    expect(await numberOf(`${ended} AND total_run_time < 5`)).toBe(0);
    expect(await numberOf('flow_run WHERE run_count > 1')).toBeGreaterThan(200);
    expect(await numberOf('flow_run WHERE parent_task_run_id IS NOT NULL')).toBeGreaterThan(200);
    const causes =
      "(SELECT DISTINCT s.message FROM flow_run r JOIN flow_run_state s ON s.id = r.state_id WHERE r.state_type IN ('FAILED', 'CRASHED')) causes";
    expect(await numberOf(causes)).toBeGreaterThanOrEqual(6);
  });

  it("leaves the reader an outage that the demo's operation does not select", async () => {
    const named = flowsToRerun.map(name => `'${name}'`).join();
    const left = `flow_run r JOIN flow f ON f.id = r.flow_id WHERE r.state_type = 'FAILED' AND r.deployment_id IS NOT NULL AND f.name NOT IN (${named})`;
    expect(await numberOf(left)).toBeGreaterThan(50);
  });
});
