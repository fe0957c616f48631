import { once } from 'node:events';
import pino from 'pino';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { createExclusively } from '../../../src/persistence/connection/namedLocks';
import { startMirror } from '../../../src/upstream/mirror/startMirror';
import { describeOnDatabases } from '../../harness/databases';
import { endLockOf } from '../../harness/endLockOf';
import { testServices } from '../../harness/services';
import { until } from '../../harness/waiting';
import { emptyServer } from './emptyServer';

const checkMilliseconds = 20;
const settings = { sweepSeconds: 1, walkHours: 6 };

describeOnDatabases(['mysql'], 'the mirror', database => {
  let opened: Database;
  let other: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    other = await openDatabase({ url: database.url });
  });
  afterAll(async () => {
    await opened.close();
    await other.close();
  });

  test('ends where its lock is lost, and begins again when it gets the lock back', async () => {
    const reported: unknown[] = [];
    const exclusively = createExclusively(opened.writer, opened.dialect, checkMilliseconds);
    const services = testServices({ ...opened, exclusively }, reported);
    let [begun, ended] = [0, 0];
    const client = emptyServer({
      async *watchEvents(_since, signal) {
        begun++;
        if (!signal.aborted) await once(signal, 'abort');
        ended++;
        yield* [];
      },
    });
    const mirror = startMirror(services, client, settings, pino({ level: 'silent' }));
    try {
      await until(() => begun === 1);
      await endLockOf(other, 'mirror');
      const takeOver = () => other.exclusively('mirror', () => until(() => ended === 1));
      await until(async () => (await takeOver()) !== null);
      await until(() => begun === 2);
    } finally {
      await mirror.stop();
    }
    expect([begun, ended]).toEqual([2, 2]);
    expect(reported).toEqual([]);
  });
});
