import type { StateChange } from '../src/messaging/stateChanges';
import { FlowRunStateEntity } from '../src/persistence/entities/state';
import { faultsOf } from './harness/consistency';
import { type Crowd, createCrowd, type Deed, moveSome } from './harness/crowd';
import { describeOnEveryDatabase } from './harness/databases';
import { startGateway, type TestGateway } from './harness/gateway';
import { seedingThrough } from './harness/seeding';

// Longer, by hand: SWITCHYARD_CROWD_SECONDS=30 npx jest test/crowd
const seconds = Number(process.env.SWITCHYARD_CROWD_SECONDS ?? 0);
const clients = 8;
const callsInShort = 12;

describeOnEveryDatabase('eight clients who move the same 200 runs at once', database => {
  let gateway: TestGateway;
  let crowd: Crowd;
  let deeds: Deed[];
  const changes: StateChange[] = [];

  beforeAll(async () => {
    gateway = await startGateway(database.url);
    gateway.services.stateChanges.subscribe(
      batch => void changes.push(...batch),
      () => undefined,
    );
    crowd = await createCrowd(seedingThrough(gateway.ask), 200);
  });
  afterAll(() => gateway?.close());

  const slotsOf = async (id: string) => {
    const { deployment } = await gateway.ask<{
      deployment: { activeSlots: number; concurrencyLimit: number | null };
    }>('query ($id: ID!) { deployment(id: $id) { activeSlots concurrencyLimit } }', { id });
    return deployment;
  };

  test(
    'all receive a response, and never take more slots than there are',
    async () => {
      const end = Date.now() + seconds * 1000;
      const work = async (client: number): Promise<Deed[]> => {
        const done: Deed[] = [];
        for (let call = 0; seconds > 0 ? Date.now() < end : call < callsInShort; call++) {
          done.push(...(await moveSome(gateway.ask, client, call)));
          const { activeSlots, concurrencyLimit } = await slotsOf(crowd.deploymentIds[call % 3] ?? '');
          expect(activeSlots).toBeGreaterThanOrEqual(0);
          if (concurrencyLimit !== null) expect(activeSlots).toBeLessThanOrEqual(concurrencyLimit);
        }
        return done;
      };
      deeds = (await Promise.all(Array.from({ length: clients }, (_, client) => work(client)))).flat();

      expect(deeds.filter(({ code }) => code === 'INTERNAL_ERROR')).toEqual([]);
      expect(deeds.map(({ status }) => status)).toEqual(expect.arrayContaining(['ACCEPT', 'REJECT']));
      if (seconds > 0) console.log(`${database.kind}: ${deeds.length} decided, ${changes.length} written`);
    },
    30_000 + seconds * 1000,
  );

  test('leave each run a history in which every state was decided from the one before it', async () => {
    const byRun = new Map<string, StateChange[]>();
    for (const change of changes) {
      const ofRun = byRun.get(change.flowRunId) ?? [];
      ofRun.push(change);
      byRun.set(change.flowRunId, ofRun);
    }
    const rows = await gateway.services.database.primary
      .getRepository(FlowRunStateEntity)
      .find({ order: { flowRunId: 'ASC', timestamp: 'ASC' } });
    const written = new Map<string, string[]>();
    for (const { id, flowRunId } of rows) written.set(flowRunId, [...(written.get(flowRunId) ?? []), id]);

    expect([...byRun.keys()]).toEqual(expect.arrayContaining(crowd.flowRunIds));
    for (const [run, ofRun] of byRun) {
      const decidedFrom = new Map(
        ofRun.map(({ state, previousState }) => [state.id, previousState?.id ?? null]),
      );
      const history = written.get(run) ?? [];
      expect([...decidedFrom.keys()].sort()).toEqual([...history].sort());
      expect(history.map(id => decidedFrom.get(id as never))).toEqual([null, ...history.slice(0, -1)]);
    }
  });

  test('leave no contradiction in the database', async () => {
    expect(await faultsOf(gateway.services.database)).toEqual([]);
  });
});
