import type { FlowRunId } from '../../../src/domain/identifiers';
import type { Services } from '../../../src/transitions/services';
import type { UnreadRuns } from '../../../src/transitions/transitionSender';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { UpstreamError } from '../../../src/upstream/client/upstreamError';
import {
  createUpstreamExecutor,
  type MirrorAccess,
} from '../../../src/upstream/executor/createUpstreamExecutor';
import { describeOnEveryDatabase } from '../../harness/databases';
import { type OperationGateway, startOperationGateway } from '../../operations/harness';

describeOnEveryDatabase('deleting runs in a Prefect server', database => {
  let gateway: OperationGateway;
  let services: Services;
  let ids: FlowRunId[];
  let forgotten: FlowRunId[];

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.worker.stop();
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    await gateway.clear();
    services = gateway.services;
    ids = (await gateway.createRuns(3, { type: 'FAILED' })) as FlowRunId[];
    forgotten = [];
  });

  function executorOf(deleteFlowRun: UpstreamClient['deleteFlowRun'], mirror: Partial<MirrorAccess> = {}) {
    return createUpstreamExecutor({
      client: { deleteFlowRun } as UpstreamClient,
      mirror: {
        refresh: async () => new Map(),
        forget: async gone => void forgotten.push(...gone),
        ...mirror,
      } as MirrorAccess,
      callMilliseconds: 1000,
      reach: { problem: null, support: null },
    } as Parameters<typeof createUpstreamExecutor>[0]);
  }
  const failed = { state: { type: { any: ['FAILED' as const] } } };

  test('leaves alone a run that could not be read again: the filter would be checked on an old row', async () => {
    const unread: UnreadRuns = new Map([[ids[1] as FlowRunId, { isServerFault: true, reason: '500' }]]);
    const executor = executorOf(async () => true, { refresh: async () => unread });

    expect(await executor.deleteFlowRuns(services, ids, failed)).toEqual([ids[0], ids[2]]);
  });

  test('says how many were deleted where the server fails amid them', async () => {
    const executor = executorOf(async id => {
      if (id === ids[2]) throw new UpstreamError('It is away.', { kind: 'unreachable' });
      return true;
    });

    await expect(executor.deleteFlowRuns(services, ids, failed)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('2 of 3 runs were deleted'),
    });
    expect(forgotten).toEqual([ids[0], ids[1]]);
  });

  test('reports the runs that were deleted, also where their copies cannot be deleted now', async () => {
    const executor = executorOf(async () => true, {
      forget: () => Promise.reject(new Error('the database is away')),
    });

    expect(await executor.deleteFlowRuns(services, ids, failed)).toEqual(ids);
  });
});
