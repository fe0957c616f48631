import { v7 } from 'uuid';
import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';

const create = `mutation ($input: [CreateFlowRunInput!]!) {
  createFlowRuns(input: $input) { results { created flowRun { id } } } }`;

describeOnEveryDatabase('the requested id of a run', database => {
  const gateway = seededGateway(database);
  const refused = (input: readonly object[]): Promise<unknown> =>
    gateway.ask(create, { input }).then(
      () => 'made',
      (error: unknown) => (error as { errors: { extensions: unknown }[] }).errors[0]?.extensions,
    );
  const takenAt = (index: number) => ({
    code: 'BAD_USER_INPUT',
    issues: [{ path: ['input', index, 'id'], message: 'a flow run already has this id' }],
  });

  test('is rejected if another run has it, with any idempotency key', async () => {
    const id = v7();
    const flowId = gateway.flowId;
    const otherFlow = await gateway.seeding.createFlow('other');
    await gateway.seeding.createFlowRuns([{ id, flowId, idempotencyKey: `${id} a` }]);

    expect(await refused([{ id, flowId }])).toEqual(takenAt(0));
    expect(await refused([{ id, flowId, idempotencyKey: `${id} b` }])).toEqual(takenAt(0));
    expect(await refused([{ id, flowId: otherFlow, idempotencyKey: `${id} a` }])).toEqual(takenAt(0));
  });

  test('is rejected if an earlier run of the list has it with another key', async () => {
    const id = v7();
    const flowId = gateway.flowId;
    expect(
      await refused([
        { id, flowId, idempotencyKey: `${id} a` },
        { id, flowId, idempotencyKey: `${id} b` },
      ]),
    ).toEqual(takenAt(1));
  });

  test('is ignored if a run has the idempotency key', async () => {
    const [first, id] = [v7(), v7()];
    const flowId = gateway.flowId;
    await gateway.seeding.createFlowRuns([
      { id: first, flowId, idempotencyKey: first },
      { id, flowId },
    ]);

    expect(await gateway.ask(create, { input: [{ id, flowId, idempotencyKey: first }] })).toEqual({
      createFlowRuns: { results: [{ created: false, flowRun: { id: first } }] },
    });
  });
});
