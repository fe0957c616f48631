import type { ObjectLiteral, Repository } from 'typeorm';
import type { FlowRunFilter } from '../../../src/domain/flowRunFilter';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import {
  type FlowRunSelection,
  findFlowRunFacts,
} from '../../../src/persistence/flowRuns/hotLockedFlowRunFacts';
import { describeOnDatabases, describeOnEveryDatabase } from '../../harness/databases';
import { isAnybodyWaiting, until } from '../../harness/waiting';
import { idOf, putIn, sampleRun } from '../sampleRuns';

const ids = (...numbers: number[]): FlowRunId[] => numbers.map(number => idOf<FlowRunId>(number));

async function openWithRuns(url: string): Promise<Database> {
  // Tests use several transactions at once, one within the other.
  const database = await openDatabase({ url, poolSize: 20 });
  await database.migrate();
  const runs = [1, 2, 3, 4, 5, 6].map(number =>
    sampleRun(number, { workQueueName: number % 2 === 0 ? 'even' : 'odd' }),
  );
  await putIn(database, runs);
  return database;
}

describeOnEveryDatabase('findFlowRunFacts', testDatabase => {
  let database: Database;
  beforeAll(async () => {
    database = await openWithRuns(testDatabase.url);
  });
  afterAll(() => database?.close());

  const find = async (runs: FlowRunSelection, queue?: string, others: FlowRunFilter = {}) => {
    const filter = queue === undefined ? null : { workQueueName: { any: [queue] }, ...others };
    const found = await database.transaction(runner =>
      findFlowRunFacts(database, runner, runs, filter, 'forUpdate'),
    );
    return [...found].map(([id, run]) => ({ id, matches: run?.matches }));
  };

  const matching = (...numbers: number[]) => ids(...numbers).map(id => ({ id, matches: true }));

  test('finds the newest, in ascending order of ids', async () => {
    expect(await find({ newest: 3 })).toEqual(matching(4, 5, 6));
  });

  test('finds the newest that match', async () => {
    expect(await find({ newest: 2 }, 'odd')).toEqual(matching(3, 5));
    expect(await find({ newest: 50 }, 'even')).toEqual(matching(2, 4, 6));
    expect(await find({ newest: 50 }, 'none')).toEqual([]);
  });

  test('finds the newest of some ids that match', async () => {
    expect(await find({ newest: 50 }, 'odd', { id: { any: ids(1, 2, 3) } })).toEqual(matching(1, 3));
    expect(await find({ newest: 50 }, 'odd', { id: { notAny: ids(1, 2, 3) } })).toEqual(matching(5));
  });

  test('finds the newest that match or are one of some ids', async () => {
    const found = await find({ newest: 50 }, 'odd', { operator: 'OR', id: { any: ids(2) } });
    expect(found).toEqual(matching(1, 2, 3, 5));
  });

  test('finds the requested ids, and returns whether each matches', async () => {
    expect(await find(ids(5, 2, 9), 'odd')).toEqual([
      { id: idOf(2), matches: false },
      { id: idOf(5), matches: true },
    ]);
    expect(await find([])).toEqual([]);
  });
});

describeOnDatabases(['mysql', 'mariadb'], 'findFlowRunFacts of nearly all rows of a table', testDatabase => {
  test('locks no other row', async () => {
    const database = await openDatabase({ url: testDatabase.url });
    try {
      await database.migrate();
      const all = Array.from({ length: 60 }, (_none, index) => index + 1);
      await putIn(
        database,
        all.map(number => sampleRun(number, {})),
      );
      const wanted = ids(...all.filter(number => number % 6 !== 0));
      const found = await database.transaction(async holder => {
        await findFlowRunFacts(database, holder, ids(30), null, 'forUpdate');
        return database.transaction(runner => findFlowRunFacts(database, runner, wanted, null, 'noWait'), {
          onLockTimeout: 'throw',
        });
      });
      expect([...found.keys()]).toEqual(wanted);
    } finally {
      await database.close();
    }
  });
});

describeOnDatabases(['mysql', 'mariadb'], 'findFlowRunFacts locks', testDatabase => {
  let database: Database;
  beforeAll(async () => {
    database = await openWithRuns(testDatabase.url);
  });
  afterAll(() => database?.close());

  const isFree = (number: number): Promise<boolean> =>
    database.transaction(runner =>
      runner
        .getRepository(FlowRunEntity)
        .find({ where: { id: idOf(number) }, lock: { mode: 'pessimistic_write', onLocked: 'nowait' } })
        .then(
          () => true,
          () => false,
        ),
    );

  test('the newest in ascending order of ids, and no other run', async () => {
    const waiting = await database.transaction(async holder => {
      await findFlowRunFacts(database, holder, ids(5), null, 'forUpdate');
      const waiter = database.transaction(runner =>
        findFlowRunFacts(database, runner, { newest: 3 }, null, 'forUpdate'),
      );
      await until(async () => !(await isFree(4)));
      expect({ below: await isFree(3), behind: await isFree(6) }).toEqual({ below: true, behind: true });
      return { waiter };
    });
    expect([...(await waiting.waiter).keys()]).toEqual(ids(4, 5, 6));
  });

  test('some of the newest, and finds that one of them has stopped matching while it waited', async () => {
    const filter = { id: { any: ids(1, 3, 5) }, workQueueName: { any: ['odd'] } };
    const waiting = await database.transaction(async holder => {
      const runs: Repository<ObjectLiteral> = holder.getRepository(FlowRunEntity);
      await runs.update({ id: idOf(3) }, { workQueueName: 'other' });
      const waiter = database.transaction(runner =>
        findFlowRunFacts(database, runner, { newest: 50 }, filter, 'forUpdate'),
      );
      await until(() => isAnybodyWaiting(database));
      return { waiter };
    });
    const found = [...(await waiting.waiter)].map(([id, run]) => [id, run?.matches]);
    expect(found).toEqual([
      [idOf(1), true],
      [idOf(3), false],
      [idOf(5), true],
    ]);
  });
});
