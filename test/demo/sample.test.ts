import { In, IsNull, LessThan, MoreThan, Not, type Repository } from 'typeorm';
import { flowsToRerun } from '../../demo/operation';
import { fillWithSample } from '../../demo/sample';
import { stateTypes } from '../../src/domain/state';
import { type Database, openDatabase } from '../../src/persistence/connection/database';
import { FlowEntity } from '../../src/persistence/entities/deployment';
import { FlowRunEntity, type FlowRunRow } from '../../src/persistence/entities/flowRun';
import { FlowRunStateEntity } from '../../src/persistence/entities/state';
import { faultsOf } from '../harness/consistency';
import { describeOnDatabases } from '../harness/databases';
import { testServices } from '../harness/services';

describeOnDatabases(['embedded', 'mysql'], "the demo's night", test => {
  let database: Database;
  let size: number;
  let runs: Repository<FlowRunRow>;

  beforeAll(async () => {
    database = await openDatabase({ url: test.url });
    await database.migrate();
    runs = database.primary.getRepository(FlowRunEntity);
    size = await fillWithSample(testServices(database, []));
  });
  afterAll(() => database.close());

  it('has about 4,000 runs, in all states', async () => {
    expect(size).toBeGreaterThan(3900);
    expect(size).toBeLessThan(4200);
    expect(await runs.count()).toBe(size);
    const types = await runs
      .createQueryBuilder('run')
      .select('run.stateType', 'type')
      .distinct()
      .getRawMany<{ type: string }>();
    expect(types.map(({ type }) => type).sort()).toEqual([...stateTypes].sort());
  });

  it('contradicts itself nowhere: columns, histories, slots', async () => {
    expect(await faultsOf(database)).toEqual([]);
  });

  it('has durations, retries, subflows and several causes', async () => {
    const ended = In(['COMPLETED', 'FAILED', 'CRASHED'] as const);
    expect(await runs.count({ where: { stateType: ended, totalRunTime: LessThan(5) } })).toBe(0);
    expect(await runs.count({ where: { runCount: MoreThan(1) } })).toBeGreaterThan(200);
    expect(await runs.count({ where: { parentTaskRunId: Not(IsNull()) } })).toBeGreaterThan(200);
    const causes = await runs
      .createQueryBuilder('run')
      .innerJoin(FlowRunStateEntity.tableName, 'state', 'state.id = run.stateId')
      .select('state.message')
      .distinct()
      .where("run.stateType IN ('FAILED', 'CRASHED')")
      .getRawMany();
    expect(causes.length).toBeGreaterThanOrEqual(6);
  });

  it("leaves the reader an outage that the demo's operation does not select", async () => {
    const left = runs
      .createQueryBuilder('run')
      .innerJoin(FlowEntity.tableName, 'flow', 'flow.id = run.flowId')
      .where("run.stateType = 'FAILED' AND run.deploymentId IS NOT NULL")
      .andWhere('flow.name NOT IN (:...flowsToRerun)', { flowsToRerun });
    expect(await left.getCount()).toBeGreaterThan(50);
  });
});
