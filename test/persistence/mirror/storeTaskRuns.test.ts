import type { FlowRunId, StateId, TaskRunId } from '../../../src/domain/identifiers';
import type { Instant } from '../../../src/domain/instant';
import type { StateType } from '../../../src/domain/state';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { TaskRunStateEntity } from '../../../src/persistence/entities/state';
import { TaskRunEntity } from '../../../src/persistence/entities/taskRun';
import { storeTaskRuns, type TaskRunCopy } from '../../../src/persistence/mirror/storeTaskRuns';
import { describeOnDatabases } from '../../harness/databases';
import { at, idOf, sampleRun } from '../sampleRuns';

const copyOf = (number: number, type: StateType, updated: Instant): TaskRunCopy => {
  const { expectedStartTime, nextScheduledStartTime, startTime, endTime, totalRunTime, runCount } =
    sampleRun(number);
  const stateId = idOf<StateId>(Number(`${number}${updated.slice(-3, -1)}`));
  return {
    taskRun: {
      id: idOf<TaskRunId>(number),
      name: 'subflow',
      flowRunId: idOf<FlowRunId>(900),
      taskKey: `key-${number}`,
      dynamicKey: '0',
      stateId,
      stateType: type,
      stateName: type,
      stateTimestamp: updated,
      expectedStartTime,
      nextScheduledStartTime,
      startTime,
      endTime,
      totalRunTime,
      runCount,
      created: at(0),
      updated,
    },
    state: {
      id: stateId,
      type,
      name: type,
      timestamp: updated,
      message: null,
      data: null,
      stateDetails: {},
      actor: null,
      bulkOperationId: null,
    },
  };
};

describeOnDatabases(['embedded', 'mysql'], 'copies of task runs', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  afterAll(() => opened.close());
  afterEach(async () => {
    for (const entity of [TaskRunEntity, TaskRunStateEntity])
      await opened.writer.getRepository<object>(entity).deleteAll();
  });

  const store = (copies: readonly TaskRunCopy[]) =>
    opened.transaction(connection => storeTaskRuns(opened, connection, copies));
  const stored = () => opened.writer.getRepository(TaskRunEntity).find({ order: { id: 'ASC' } });

  test('replace older ones, and never newer ones', async () => {
    const [running, completed] = [copyOf(1, 'RUNNING', at(10)), copyOf(1, 'COMPLETED', at(20))];
    await store([running]);
    await store([completed]);
    expect(await stored()).toEqual([completed.taskRun]);
    const other = copyOf(2, 'RUNNING', at(15));
    await store([running, other]);
    expect(await stored()).toEqual([completed.taskRun, other.taskRun]);
  });

  test('replace one that was changed at the same time', async () => {
    const first = copyOf(1, 'RUNNING', at(10));
    const second = { ...first, taskRun: { ...first.taskRun, name: 'renamed' } };
    await store([first]);
    await store([second]);
    expect(await stored()).toEqual([second.taskRun]);
  });
});
