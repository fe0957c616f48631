import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { BulkOperationEntity } from '../../../src/persistence/entities/bulkOperation';
import { MirrorEntity } from '../../../src/persistence/entities/mirror';
import { findMirror } from '../../../src/persistence/mirror/mirrorState';
import { updateOperation } from '../../../src/persistence/operations/operations';
import type { Services } from '../../../src/transitions/services';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { claimDatabase } from '../../../src/upstream/mirror/claimDatabase';
import type { MirrorProgress } from '../../../src/upstream/mirror/mirrorProgress';
import { createReconciliation } from '../../../src/upstream/mirror/reconcile';
import { describeOnDatabases } from '../../harness/databases';
import { testServices } from '../../harness/services';
import { until } from '../../harness/waiting';
import { emptyPage, emptyServer } from './emptyServer';
import { planOverAllRuns } from './planOverAllRuns';

const { signal } = new AbortController();
const settings = { sweepSeconds: 0.01, walkHours: 6 };

describeOnDatabases(['embedded', 'mysql'], 'the comparison of the mirror and the server', database => {
  let opened: Database;
  let services: Services;
  let progress: MirrorProgress;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    services = testServices(opened, []);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    for (const entity of [MirrorEntity, BulkOperationEntity])
      await opened.writer.getRepository<object>(entity).deleteAll();
    await claimDatabase(services, emptyServer().address);
    progress = { lastAlive: null, lastEvent: null, sweepWanted: false, walkWanted: false };
  });

  const reconcileWith = (calls: Partial<UpstreamClient>) =>
    createReconciliation(services, emptyServer(calls), progress, settings);
  const mirror = () => findMirror(opened.primary);
  const lastSweep = async () => (await mirror())?.lastSweep ?? '';

  test('sweeps while an operation holds a walk up', async () => {
    const operation = await planOverAllRuns(services);
    const walking = reconcileWith({})(signal);
    await until(async () => (await lastSweep()) !== '');
    const first = await lastSweep();
    await until(async () => (await lastSweep()) > first);
    expect(await mirror()).toMatchObject({ walk: 1, lastWalk: null });
    await updateOperation(opened.writer, operation.id, { status: 'CANCELLED' });
    await walking;
    expect((await mirror())?.lastWalk).not.toBeNull();
  });

  test('walks again where that is asked for during a walk', async () => {
    progress.walkWanted = true;
    let pages = 0;
    const reconcile = reconcileWith({
      async findFlowRuns() {
        if (pages++ === 0) progress.walkWanted = true;
        return emptyPage();
      },
    });
    await reconcile(signal);
    expect(await mirror()).toMatchObject({ walk: 1, lastWalk: expect.any(String) });
    await reconcile(signal);
    expect(await mirror()).toMatchObject({ walk: 2 });
    await reconcile(signal);
    expect(await mirror()).toMatchObject({ walk: 2 });
  });

  test('walks again where that is asked for between the halves of a walk that was interrupted', async () => {
    let pages = 0;
    const reconcile = reconcileWith({
      async findFlowRuns() {
        if (pages++ === 0) throw new Error('the server is away');
        return emptyPage();
      },
    });
    await expect(reconcile(signal)).rejects.toThrow('the server is away');
    progress.walkWanted = true;
    await reconcile(signal);
    expect(await mirror()).toMatchObject({ walk: 1, lastWalk: expect.any(String) });
    await reconcile(signal);
    expect(await mirror()).toMatchObject({ walk: 2 });
  });
});
