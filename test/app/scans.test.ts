import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';

describeOnEveryDatabase('reads that look at every run', database => {
  const gateway = seededGateway(database);

  test('leave connections for state changes and pages, however many of them are sent', async () => {
    const [id] = await gateway.seeding.createFlowRuns([
      { flowId: gateway.flowId, state: { type: 'RUNNING' } },
    ]);
    const { counts } = gateway.services.database.scans;
    // As slow counts would, until the places are given back.
    const taken: (() => void)[] = [];
    for (let leave = await counts.enter(0); leave !== null; leave = await counts.enter(0)) taken.push(leave);
    let isCounted = false;
    const aliases = Array.from({ length: 20 }, (_none, index) => `c${index}: flowRunCount`);
    const counting = Promise.all(
      Array.from({ length: 5 }, () => gateway.ask<Record<string, number>>(`{ ${aliases.join(' ')} }`)),
    ).finally(() => {
      isCounted = true;
    });
    try {
      await expect(
        gateway.ask(
          `mutation ($id: UUID!) { setFlowRunState(input: { flowRunId: $id, state: { type: COMPLETED } }) { status } }`,
          { id },
        ),
      ).resolves.toEqual({ setFlowRunState: { status: 'ACCEPT' } });
      await expect(gateway.ask('{ flowRuns(first: 1) { nodes { stateType } } }')).resolves.toEqual({
        flowRuns: { nodes: [{ stateType: 'COMPLETED' }] },
      });
      expect(taken.length).toBeGreaterThan(0);
      expect(isCounted).toBe(false);
    } finally {
      for (const leave of taken) leave();
    }
    for (const answer of await counting) expect(new Set(Object.values(answer))).toEqual(new Set([1]));
  });
});
