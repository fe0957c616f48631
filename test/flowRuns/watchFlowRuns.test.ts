import type { FlowRunId } from '../../src/domain/identifiers';
import type { State } from '../../src/domain/state';
import { maxBacklog, maxBacklogBytes, watchFlowRuns } from '../../src/flowRuns/watchFlowRuns';
import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';
import { countListeners, transports } from '../harness/subscribing';
import { until } from '../harness/waiting';

const changes = `subscription { flowRunStateChanged(filter: { tags: { any: ["watched"] } }) {
  flowRun { id stateType } state { type } previousState { type }
} }`;

describeOnEveryDatabase('watching flow runs', database => {
  const gateway = seededGateway(database);
  let listeners: () => number;

  beforeAll(() => {
    listeners = countListeners(gateway.services);
  });

  async function createRun(tag: string): Promise<FlowRunId> {
    const [id] = await gateway.seeding.createFlowRuns([
      { flowId: gateway.flowId, tags: [tag], state: { type: 'RUNNING' } },
    ]);
    if (id === undefined) throw new Error('no run was made');
    return id as FlowRunId;
  }

  const setState = (flowRunId: FlowRunId, type: string) =>
    gateway.ask('mutation ($input: SetFlowRunStateInput!) { setFlowRunState(input: $input) { status } }', {
      input: { flowRunId, state: { type } },
    });

  describe.each(transports)('over %s', (_name, subscribe) => {
    test('reports each state that is written to a matching run, and no other', async () => {
      const subscription = subscribe(gateway, changes);
      const first = subscription.next();
      await until(() => listeners() === 1);
      await createRun('unwatched');
      const id = await createRun('watched');
      await setState(id, 'COMPLETED');

      expect(await first).toEqual({
        data: {
          flowRunStateChanged: {
            // The run as it is when it is read: by then it may have another state.
            flowRun: { id, stateType: expect.stringMatching(/RUNNING|COMPLETED/) },
            state: { type: 'RUNNING' },
            previousState: null,
          },
        },
      });
      expect(await subscription.next()).toEqual({
        data: {
          flowRunStateChanged: {
            flowRun: { id, stateType: 'COMPLETED' },
            state: { type: 'COMPLETED' },
            previousState: { type: 'RUNNING' },
          },
        },
      });
      await subscription.stop();
      await until(() => listeners() === 0);
    });

    test('resolves each event with current data, and with nothing of the events before it', async () => {
      const id = await createRun('watched');
      const subscription = subscribe(
        gateway,
        `subscription { flowRunStateChanged(filter: { id: { any: ["${id}"] } }) {
          flowRun { stateType states(first: 5) { totalCount nodes { type } } }
        } }`,
      );
      const counts: unknown[] = [];
      for (const type of ['CANCELLING', 'CANCELLED']) {
        const next = subscription.next();
        await until(() => listeners() === 1);
        await setState(id, type);
        counts.push((await next)?.data?.flowRunStateChanged);
      }
      expect(counts).toEqual([
        {
          flowRun: {
            stateType: 'CANCELLING',
            states: { totalCount: 2, nodes: [{ type: 'CANCELLING' }, { type: 'RUNNING' }] },
          },
        },
        {
          flowRun: {
            stateType: 'CANCELLED',
            states: {
              totalCount: 3,
              nodes: [{ type: 'CANCELLED' }, { type: 'CANCELLING' }, { type: 'RUNNING' }],
            },
          },
        },
      ]);
      await subscription.stop();
      await until(() => listeners() === 0);
    });

    test('ends for a subscriber who leaves, without a further change', async () => {
      const subscription = subscribe(gateway, changes);
      const first = subscription.next();
      await until(() => listeners() === 1);
      await subscription.stop();
      await until(() => listeners() === 0);
      await first.catch(() => null);
    });

    test('ends for a subscriber who falls too far behind, with the reason', async () => {
      const subscription = subscribe(gateway, changes);
      const first = subscription.next();
      await until(() => listeners() === 1);
      const state = { id: '', type: 'RUNNING', name: '', timestamp: '', message: null, data: null };
      const change = {
        flowRunId: '' as FlowRunId,
        state: { ...state, stateDetails: {} } as State,
        previousState: null,
      };
      gateway.services.stateChanges.publish(Array.from({ length: maxBacklog + 1 }, () => change));
      const told = await first;
      expect(told?.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAVAILABLE' }]);
      expect(told?.errors?.[0]?.message).toContain('behind');
      expect(await subscription.next()).toBeNull();
      expect(listeners()).toBe(0);
      await subscription.stop();
    });
  });

  test('ends for a subscriber that reads nothing when its changes have too many bytes', async () => {
    const subscriber = watchFlowRuns(gateway.services, null);
    const message = 'm'.repeat(maxBacklogBytes / 4);
    const change = () => ({
      flowRunId: '' as FlowRunId,
      state: {
        id: '',
        type: 'RUNNING',
        name: '',
        timestamp: '',
        message,
        data: null,
        stateDetails: {},
      } as unknown as State,
      previousState: null,
    });
    for (let count = 0; count < 5; count++) gateway.services.stateChanges.publish([change()]);
    await expect(subscriber.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(listeners()).toBe(0);
  });

  test('reads nothing from the database for changes of runs that a filter does not name', async () => {
    const { services } = gateway;
    let lookups = 0;
    const database: typeof services.database = {
      ...services.database,
      scan: (...scan) => {
        lookups++;
        return services.database.scan(...scan);
      },
    };
    const [named, other] = [await createRun('named'), await createRun('other')];
    const subscriber = watchFlowRuns({ ...services, database }, { id: { any: [named] } });
    const next = subscriber.next();
    for (let round = 0; round < 5; round++) await setState(other, round % 2 ? 'RUNNING' : 'PENDING');
    await setState(named, 'COMPLETED');
    expect((await next).value).toMatchObject({ flowRunId: named, state: { type: 'COMPLETED' } });
    expect(lookups).toBe(1);
    await subscriber.return?.();
  });

  test('a subscriber that reads nothing delays no other client', async () => {
    const subscriber = watchFlowRuns(gateway.services, null);
    expect(listeners()).toBe(1);
    const id = await createRun('unread');
    await setState(id, 'COMPLETED');
    expect(await subscriber.next()).toMatchObject({ value: { flowRunId: id, state: { type: 'RUNNING' } } });
    expect(await subscriber.next()).toMatchObject({ value: { flowRunId: id, state: { type: 'COMPLETED' } } });
    await subscriber.return?.();
    expect(listeners()).toBe(0);
  });
});
