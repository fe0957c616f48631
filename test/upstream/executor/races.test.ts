import { missingPrefect } from '../../databases/testRun';
import { startAttachedGateway } from '../../harness/attachedGateway';
import { describeOnDatabases } from '../../harness/databases';
import { describeWhere } from '../../harness/describeWhere';
import { type FaultProxy, startFaultProxy } from '../../harness/faultProxy';
import { type PrefectSeed, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import type { OperationGateway } from '../../operations/harness';

const count = 80;

interface RacedItem {
  flowRunId: string;
  status: string;
  code: string | null;
  movedAnotherState: boolean;
  state: { id: string } | null;
  previousState: { id: string } | null;
}

interface UpstreamState {
  id: string;
  type: string;
  name: string;
}

describeWhere(missingPrefect(), 'a bulk operation on the runs of a Prefect server', () => {
  describeOnDatabases(['embedded'], 'that another client moves at the same time', database => {
    let server: PrefectServer;
    let seed: PrefectSeed;
    let gateway: OperationGateway;
    let proxy: FaultProxy;
    let flowId: string;

    beforeAll(async () => {
      server = await startPrefectServer();
      seed = seedPrefect(server);
      flowId = await seed.flow();
      proxy = await startFaultProxy(server.apiUrl);
      gateway = await startAttachedGateway(database.url, proxy.url);
    }, 120_000);
    afterAll(async () => {
      await gateway?.close();
      await proxy?.stop();
      await server.stop();
    });

    /** Plans to complete some failed runs. */
    async function planned(tag: string): Promise<{ id: string; runs: string[] }> {
      const runs = await seed.runs(
        Array.from({ length: count }, () => ({ flowId, tags: [tag], states: [{ type: 'FAILED' as const }] })),
      );
      await gateway.services.executor.refresh(gateway.services, async () => runs as never);
      const id = await gateway.plan({
        flowRuns: { tags: { all: [tag] } },
        state: { type: 'COMPLETED' },
        force: true,
      });
      await gateway.becomes(id, 'PLANNED');
      return { id, runs };
    }

    async function itemsOf(id: string): Promise<RacedItem[]> {
      const answer = await gateway.ask<{ bulkOperation: { items: { nodes: RacedItem[] } } }>(
        `query ($id: ID!) { bulkOperation(id: $id) { items(first: 200) {
          nodes { flowRunId status code movedAnotherState state { id } previousState { id } } } } }`,
        { id },
      );
      return answer.bulkOperation.items.nodes;
    }

    const history = async (id: string) =>
      (await seed.call('GET', `/flow_run_states/?flow_run_id=${id}`)) as UpstreamState[];

    test('leaves each run alone that left its planned state before', async () => {
      const { id, runs } = await planned('moved before');
      const moved = runs.filter((_, index) => index % 2 === 0);
      for (const run of moved) await seed.move(run, { type: 'CRASHED' });
      for (const run of moved.slice(0, 3)) await seed.deleteRun(run);
      await gateway.startPlanned(id);
      await gateway.ended(id);
      const byRun = new Map((await itemsOf(id)).map(item => [item.flowRunId, item]));
      for (const [index, run] of runs.entries()) {
        const isMoved = moved.includes(run);
        const code = isMoved ? (index < 6 ? 'FLOW_RUN_NOT_FOUND' : 'CHANGED_SINCE_PLAN') : null;
        expect(byRun.get(run)).toMatchObject({ code, movedAnotherState: false });
      }
    });

    test('marks the item of each run that left its planned state while its transition was long under way', async () => {
      const { id, runs } = await planned('raced');
      // A call that takes less than half a second is not looked after: that narrow a race is left over.
      const delay = { kind: 'delay', milliseconds: 600 } as const;
      proxy.inject(delay, ({ path }) => path.endsWith('/bulk_set_state'), count);
      await gateway.startPlanned(id);
      const left = runs.values();
      const moveThem = async () => {
        for (const run of left) await seed.move(run, { type: 'CRASHED', name: 'Raced' });
      };
      await Promise.all([gateway.ended(id), moveThem(), moveThem()]);
      const unmarked: string[] = [];
      let movedFirst = 0;
      for (const { flowRunId, status, code, movedAnotherState } of await itemsOf(id)) {
        const states = (await history(flowRunId)).map(({ name }) => name);
        const own = states.indexOf('Completed');
        if (own === -1) {
          movedFirst++;
          expect({ status, code }).toEqual({ status: 'SKIPPED', code: 'CHANGED_SINCE_PLAN' });
          continue;
        }
        expect(status).toBe('ACCEPT');
        expect(states.filter(name => name === 'Completed')).toHaveLength(1);
        const isAnotherState = states[own - 1] !== 'Failed';
        if (isAnotherState !== movedAnotherState) unmarked.push(flowRunId);
      }
      expect(unmarked).toEqual([]);
      expect(movedFirst).toBeGreaterThan(0);
      expect(movedFirst).toBeLessThan(count);
    });
  });
});
