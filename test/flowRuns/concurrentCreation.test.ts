import type { FlowRunId } from '../../src/domain/identifiers';
import { ownAuthor } from '../../src/domain/state';
import { createTaskRuns } from '../../src/flowRuns/createTaskRuns';
import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';

const clients = 6;
const rounds = 2;
const standing = { id: null, name: null, state: null };

describeOnEveryDatabase('simultaneous calls that create the same rows', database => {
  const gateway = seededGateway(database);

  const atOnce = <Result>(call: (client: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(Array.from({ length: clients }, (_none, client) => call(client)));

  /** Lists of keys that overlap, in different orders. */
  const keysOf = (round: number, client: number): string[] => {
    const keys = Array.from({ length: 20 }, (_none, index) => `${round} ${(index + client * 5) % 40}`);
    return client % 2 === 0 ? keys : keys.reverse();
  };

  test('create each run once for overlapping idempotency keys, and every call receives all of its runs', async () => {
    for (let round = 0; round < rounds; round++) {
      const made = await atOnce(async client => {
        const keys = keysOf(round, client);
        const input = keys.map(idempotencyKey => ({
          flowId: gateway.flowId,
          idempotencyKey,
          tags: ['a', 'b'],
          state: { type: 'SCHEDULED' },
        }));
        const ids = await gateway.seeding.createFlowRuns(input);
        return keys.map((key, index) => [key, ids[index]] as const);
      });
      const idsOfKeys = new Map<string, Set<string | undefined>>();
      for (const [key, id] of made.flat()) idsOfKeys.set(key, (idsOfKeys.get(key) ?? new Set()).add(id));
      expect([...idsOfKeys.values()].filter(ids => ids.size !== 1)).toEqual([]);
    }
  });

  test('create each task run once for overlapping keys', async () => {
    const [id] = await gateway.seeding.createFlowRuns([{ flowId: gateway.flowId }]);
    const flowRunId = id as FlowRunId;
    for (let round = 0; round < rounds; round++) {
      const made = await atOnce(async client => {
        const keys = keysOf(round, client);
        const requests = keys.map(dynamicKey => ({ ...standing, flowRunId, taskKey: 'task', dynamicKey }));
        const ids = (await createTaskRuns(gateway.services, requests, ownAuthor)).map(
          ({ taskRun }) => taskRun.id,
        );
        return keys.map((key, index) => [key, ids[index]] as const);
      });
      expect(new Set(made.flat().map(pair => pair.join(' '))).size).toBe(
        new Set(made.flat().map(([key]) => key)).size,
      );
    }
  });

  test('create one flow, and one deployment of each name', async () => {
    const flows = await atOnce(() => gateway.seeding.createFlow('same'));
    expect(new Set(flows).size).toBe(1);
    const deployments = await atOnce(client =>
      gateway.seeding.createDeployment({ flowId: flows[0], name: 'same', concurrencyLimit: client + 1 }),
    );
    expect(new Set(deployments).size).toBe(1);
  });

  test('create one run for an id that is given to different runs, and reject the other', async () => {
    const id = '0199e3b0-0000-7000-8000-000000000001';
    const made = await atOnce(client =>
      gateway.seeding
        .createFlowRuns([{ id, flowId: gateway.flowId, name: `run ${client}` }])
        .catch(
          (error: unknown) =>
            (error as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code,
        ),
    );
    expect(made.filter(result => result !== 'BAD_USER_INPUT')).toEqual([[id]]);
  });
});
