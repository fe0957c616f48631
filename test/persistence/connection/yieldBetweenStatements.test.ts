import { setImmediate } from 'node:timers/promises';
import type { FlowId } from '../../../src/domain/identifiers';
import { openDatabase } from '../../../src/persistence/connection/database';
import { FlowEntity } from '../../../src/persistence/entities/deployment';
import { describeOnDatabases } from '../../harness/databases';
import { at } from '../sampleRuns';

/** Takes some 50 ms or more. */
const slowStatement =
  'WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 300000) SELECT COUNT(*) AS n FROM number';

describeOnDatabases(['embedded'], 'a long transaction of the embedded database', testDatabase => {
  test('does not block other work between its statements, and is invisible until the commit', async () => {
    const database = await openDatabase({ url: testDatabase.url });
    try {
      await database.migrate();
      const flows = database.reader.getRepository(FlowEntity);
      const others = { turns: 0, isOver: false, seen: 0 };
      const writing = database
        .transaction(async connection => {
          for (const id of ['a', 'b', 'c', 'd']) {
            const flow = { id: id as FlowId, name: id, created: at(0), updated: at(0) };
            await connection.getRepository(FlowEntity).insert(flow);
            await connection.query(slowStatement);
          }
        })
        .finally(() => {
          others.isOver = true;
        });
      for (; !others.isOver; others.turns++) {
        const rows = await flows.count();
        if (!others.isOver) others.seen = Math.max(others.seen, rows);
        await setImmediate();
      }
      await writing;
      expect(others.turns).toBeGreaterThanOrEqual(3);
      expect(others.seen).toBe(0);
      expect(await flows.count()).toBe(4);
    } finally {
      await database.close();
    }
  });

  test('does not run at the same time as another transaction', async () => {
    const database = await openDatabase({ url: testDatabase.url });
    try {
      const order: string[] = [];
      const work = (name: string) =>
        database.transaction(async connection => {
          for (let statement = 0; statement < 2; statement++) {
            await connection.query(slowStatement);
            order.push(name);
          }
        });
      await Promise.all([work('first'), work('second')]);
      expect(order).toEqual(['first', 'first', 'second', 'second']);
    } finally {
      await database.close();
    }
  });
});
