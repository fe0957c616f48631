import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';

interface Run {
  id: string;
  updated: string;
  stateName: string;
  policy: { retries: number | null; retryType: string | null };
}

describeOnEveryDatabase('runs that are moved together', database => {
  const gateway = seededGateway(database);

  const runs = async (ids: readonly string[]): Promise<Run[]> => {
    const { flowRuns } = await gateway.ask<{ flowRuns: { nodes: Run[] } }>(
      `query ($ids: [ID!]) { flowRuns(first: 10, filter: { id: { any: $ids } }) {
        nodes { id updated stateName policy { retries retryType } } } }`,
      { ids },
    );
    return ids.map(id => flowRuns.nodes.find(run => run.id === id) as Run);
  };

  const fail = async (ids: readonly string[]): Promise<void> => {
    await gateway.ask(
      `mutation ($ids: [ID!]) { bulkSetFlowRunState(input: { state: { type: FAILED }, flowRuns: { id: { any: $ids } } }) {
        results { status } } }`,
      { ids },
    );
  };

  const make = (retries: readonly (number | null)[]) =>
    gateway.seeding.createFlowRuns(
      retries.map(count => ({ flowId: gateway.flowId, retries: count, state: { type: 'RUNNING' } })),
    );

  test('have each its own policy where that of one changes, and are all updated', async () => {
    const ids = await make([1, null]);
    const before = await runs(ids);
    await fail(ids);
    const after = await runs(ids);

    expect(after.map(({ stateName, policy }) => ({ stateName, policy }))).toEqual([
      { stateName: 'AwaitingRetry', policy: { retries: 1, retryType: 'in_process' } },
      { stateName: 'Failed', policy: { retries: null, retryType: null } },
    ]);
    for (const [index, run] of after.entries())
      expect(run.updated > (before[index]?.updated ?? '')).toBe(true);
  });

  test('are all updated where no policy changes', async () => {
    const ids = await make([null, null]);
    const before = await runs(ids);
    await fail(ids);
    const after = await runs(ids);

    expect(after.map(({ stateName }) => stateName)).toEqual(['Failed', 'Failed']);
    for (const [index, run] of after.entries())
      expect(run.updated > (before[index]?.updated ?? '')).toBe(true);
  });
});
