import { parseInstant } from '../../src/domain/instant';
import { type Database, openDatabase } from '../../src/persistence/connection/database';
import { select } from '../../src/persistence/connection/statements';
import type { CompiledFilter } from '../../src/persistence/filter/compile';
import {
  cancellingSince,
  subflowsWithDeployment,
  subflowsWithoutDeployment,
  waitingSubflowsWithDeployment,
} from '../../src/persistence/flowRuns/cancellations';
import { pausedUntilBefore, scheduledUntil } from '../../src/persistence/flowRuns/overdue';
import { describeOnDatabases } from '../harness/databases';

describeOnDatabases(['embedded'], 'what background services read every few seconds', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  afterAll(() => opened?.close());

  const now = parseInstant('2026-11-23T12:00:00Z');

  test.each<[name: string, filter: () => CompiledFilter, index: string]>([
    ['overdue runs', () => scheduledUntil(now), 'by_state_name'],
    ['expired pauses', () => pausedUntilBefore(opened.dialect, now), 'by_state_type'],
    ['runs that are being cancelled', () => cancellingSince(now), 'by_state_type'],
    ['subflows without a deployment', () => subflowsWithoutDeployment, 'by_state_type'],
    ['subflows with a deployment', () => subflowsWithDeployment, 'by_state_type'],
    ['waiting subflows with a deployment', () => waitingSubflowsWithDeployment, 'by_state_type'],
  ])('%s are found among the runs in their states, not among all', async (_name, filter, index) => {
    const { sql, parameters } = filter();
    const plan = await select(
      opened.primary,
      opened.primary,
      `EXPLAIN QUERY PLAN SELECT run.id AS id FROM flow_run run WHERE run.id > :after AND ${sql} ORDER BY run.id LIMIT 200`,
      { ...parameters, after: '' },
    );
    expect(plan.map(({ detail }) => detail)).toContainEqual(
      expect.stringContaining(`SEARCH run USING INDEX flow_run_${index} `),
    );
  });
});
