import { missingPrefect } from '../../databases/testRun';
import { mirrorOf, startAttachedGateway } from '../../harness/attachedGateway';
import { describeOnDatabases } from '../../harness/databases';
import { describeWhere } from '../../harness/describeWhere';
import { type FaultProxy, startFaultProxy } from '../../harness/faultProxy';
import { type PrefectSeed, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import type { OperationGateway } from '../../operations/harness';

interface UpstreamState {
  id: string;
  type: string;
  name: string;
  state_details: { transition_id: string | null };
}

const startMilliseconds = 120_000;
const isGuardedCall = ({ path }: { path: string }) => path.includes('/flow_runs/bulk_set_state');
const failed = { type: 'FAILED', name: 'Failed', message: 'it broke' } as const;
const rerun = { type: 'SCHEDULED', name: 'AwaitingRetry' };

describeWhere(missingPrefect(), 'bulk operations on the runs of a Prefect server', () => {
  describeOnDatabases(['embedded', 'mysql'], 'on a mirror', database => {
    let server: PrefectServer;
    let seed: PrefectSeed;
    let proxy: FaultProxy;
    let gateway: OperationGateway;
    let flowId: string;
    let deploymentId: string;

    beforeAll(async () => {
      server = await startPrefectServer();
      seed = seedPrefect(server);
      flowId = await seed.flow();
      deploymentId = await seed.deployment(flowId);
      proxy = await startFaultProxy(server.apiUrl);
      gateway = await startAttachedGateway(database.url, proxy.url);
    }, startMilliseconds);
    afterAll(async () => {
      await gateway.close();
      await proxy.stop();
      await server.stop();
    });
    afterEach(() => proxy.clear());

    /** Makes failed runs of a deployment that carry a tag, and waits until the mirror has them. */
    async function failedRuns(count: number, tag: string): Promise<string[]> {
      const ids = await seed.runs(
        Array.from({ length: count }, () => ({ flowId, deploymentId, tags: [tag], states: [failed] })),
      );
      await gateway.services.executor.refresh(gateway.services, async () => ids as never);
      return ids;
    }
    const withTag = (tag: string) => ({ tags: { all: [tag] } });
    const history = async (id: string) =>
      (await seed.call('GET', `/flow_run_states/?flow_run_id=${id}`)) as UpstreamState[];
    const typesOf = async (ids: readonly string[]) =>
      Promise.all(ids.map(async id => (await history(id)).map(({ type }) => type)));

    test('a plan predicts what the server decides, and starting it moves exactly the planned runs', async () => {
      const ids = await failedRuns(12, 'planned');
      const id = await gateway.plan({ flowRuns: withTag('planned'), state: rerun });
      expect(await gateway.becomes(id, 'PLANNED')).toMatchObject({
        counts: { matched: 12 },
        outcomes: [{ status: 'ACCEPT', code: null, count: 12 }],
      });
      expect(await typesOf(ids)).toEqual(ids.map(() => ['FAILED']));

      await gateway.startPlanned(id);
      expect(await gateway.ended(id)).toMatchObject({
        status: 'COMPLETED',
        counts: { accepted: 12, pending: 0 },
      });
      expect(await typesOf(ids)).toEqual(ids.map(() => ['FAILED', 'SCHEDULED']));
      const items = await gateway.items(id);
      expect(items.map(({ position }) => position).sort((a, b) => Number(a) - Number(b))).toEqual(
        ids.map((_, index) => index + 1),
      );
      expect(items.every(({ state }) => state?.name === 'AwaitingRetry')).toBe(true);
      expect(await mirrorOf(gateway.ask)).toMatchObject({ mispredicted: 0 });
    });

    test('an undo gives the runs back to what they were', async () => {
      const ids = await failedRuns(5, 'undone');
      const id = await gateway.start({ flowRuns: withTag('undone'), state: rerun });
      await gateway.ended(id);
      const undo = await gateway.undo(id);
      expect(await gateway.ended(undo)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 5 } });
      expect(await typesOf(ids)).toEqual(ids.map(() => ['FAILED', 'SCHEDULED', 'FAILED']));
    });

    test('an undo gives no run back to a state whose process is gone, and says why', async () => {
      const ids = await seed.runs([{ flowId, deploymentId, tags: ['ended'], states: [{ type: 'RUNNING' }] }]);
      await gateway.services.executor.refresh(gateway.services, async () => ids as never);
      const id = await gateway.start({
        flowRuns: withTag('ended'),
        state: { type: 'CANCELLING' },
        force: true,
      });
      expect(await gateway.ended(id)).toMatchObject({ counts: { accepted: 1 } });
      const undo = await gateway.undo(id);
      expect(await gateway.ended(undo)).toMatchObject({ counts: { accepted: 0, aborted: 1 } });
      const [item] = await gateway.items(undo);
      expect(item?.reason).toContain('The run cannot be given back to RUNNING');
      expect(await typesOf(ids)).toEqual([['RUNNING', 'CANCELLING']]);
    });

    test('a lost response is looked up, and no run is moved twice', async () => {
      const ids = await failedRuns(9, 'lost');
      proxy.inject({ kind: 'loseResponse' }, isGuardedCall, 6);
      const id = await gateway.start({ flowRuns: withTag('lost'), state: rerun });
      expect(await gateway.ended(id)).toMatchObject({ status: 'COMPLETED', counts: { accepted: 9 } });
      expect(await typesOf(ids)).toEqual(ids.map(() => ['FAILED', 'SCHEDULED']));
    });

    test('an operation rests where the server asks for it, and goes on', async () => {
      const ids = await failedRuns(4, 'busy');
      proxy.inject({ kind: 'respond', status: 429, headers: { 'retry-after': '1' } }, isGuardedCall, 3);
      const id = await gateway.start({ flowRuns: withTag('busy'), state: rerun });
      expect(await gateway.ended(id)).toMatchObject({ counts: { accepted: 4 } });
      expect(await typesOf(ids)).toEqual(ids.map(() => ['FAILED', 'SCHEDULED']));
    });

    test('refused credentials pause the operation, and it goes on where it stopped', async () => {
      const ids = await failedRuns(6, 'refused');
      proxy.inject(
        { kind: 'respond', status: 401, body: '{"exception_message":"Unauthorized"}' },
        isGuardedCall,
        1,
      );
      const id = await gateway.start({ flowRuns: withTag('refused'), state: rerun });
      expect(await gateway.becomes(id, 'PAUSED')).toMatchObject({ pausedFor: 'UPSTREAM_REFUSED' });
      await gateway.call('resumeBulkOperation', { id: ['ID!', id] });
      expect(await gateway.ended(id)).toMatchObject({ counts: { accepted: 6 } });
      expect(await typesOf(ids)).toEqual(ids.map(() => ['FAILED', 'SCHEDULED']));
    });

    test('the call for 50 runs is carried out run by run, with a result for each', async () => {
      const ids = await failedRuns(7, 'called');
      const answer = await gateway.ask<{
        bulkSetFlowRunState: { results: { status: string; flowRun: { stateName: string } }[] };
      }>(
        `mutation ($input: BulkSetFlowRunStateInput!) { bulkSetFlowRunState(input: $input) {
          results { status flowRun { stateName } } } }`,
        { input: { flowRuns: withTag('called'), state: { type: 'COMPLETED' }, force: true } },
      );
      expect(answer.bulkSetFlowRunState.results).toEqual(
        ids.map(() => ({ status: 'ACCEPT', flowRun: { stateName: 'Completed' } })),
      );
      expect(await typesOf(ids)).toEqual(ids.map(() => ['FAILED', 'COMPLETED']));
    });

    test('a state that takes a slot is refused with the reason, and nothing is sent', async () => {
      const ids = await failedRuns(1, 'slot');
      await expect(gateway.start({ flowRuns: withTag('slot'), state: { type: 'PENDING' } })).rejects.toThrow(
        'input.state.type: PENDING cannot be proposed here',
      );
      expect(await typesOf(ids)).toEqual([['FAILED']]);
    });
  });
});
