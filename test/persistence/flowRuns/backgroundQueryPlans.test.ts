import { parseInstant } from '../../../src/domain/instant';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { applyFlowRunFilter } from '../../../src/persistence/filter/applyFlowRunFilter';
import type { Condition } from '../../../src/persistence/filter/operators';
import {
  cancellingSince,
  subflowsWithDeployment,
  subflowsWithoutDeployment,
  waitingSubflowsWithDeployment,
} from '../../../src/persistence/flowRuns/cancellationConditions';
import { pausedUntilBefore, scheduledUntil } from '../../../src/persistence/flowRuns/overdueConditions';
import { describeOnDatabases } from '../../harness/databases';

describeOnDatabases(['embedded'], 'the queries of the background services', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  afterAll(() => opened?.close());

  const now = parseInstant('2026-11-23T12:00:00Z');

  test.each<[name: string, filter: () => Condition, index: string]>([
    ['overdue runs', () => scheduledUntil(now), 'by_state_name'],
    ['expired pauses', () => pausedUntilBefore(opened.dialect, now), 'by_state_type'],
    ['runs that are being cancelled', () => cancellingSince(now), 'by_state_type'],
    ['subflows without a deployment', () => subflowsWithoutDeployment, 'by_state_type'],
    ['subflows with a deployment', () => subflowsWithDeployment, 'by_state_type'],
    ['waiting subflows with a deployment', () => waitingSubflowsWithDeployment, 'by_state_type'],
  ])('%s are found among the runs in their states, not among all', async (_name, filter, index) => {
    const query = opened.primary
      .createQueryBuilder(FlowRunEntity, 'run')
      .select('run.id', 'id')
      .where('run.id > :after', { after: '' })
      .orderBy('run.id')
      .limit(200);
    const [sql, parameters] = applyFlowRunFilter(query, filter()).getQueryAndParameters();
    const plan: { detail: string }[] = await opened.primary.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
    expect(plan.map(({ detail }) => detail)).toContainEqual(
      expect.stringContaining(`SEARCH run USING INDEX flow_run_${index} `),
    );
  });
});
