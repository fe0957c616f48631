import { describeOnEveryDatabase } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';

describeOnEveryDatabase('a response', database => {
  const gateway = seededGateway(database, { MAX_RESPONSE_BYTES: '1000000' });
  let ids: string[];

  beforeAll(async () => {
    const large = { type: 'SCHEDULED', message: 'x'.repeat(300_000) };
    ids = await gateway.seeding.createFlowRuns(
      Array.from({ length: 6 }, () => ({ flowId: gateway.flowId, state: large })),
    );
    for (const message of ['a', 'b', 'c', 'd'])
      await gateway.ask(
        'mutation ($input: SetFlowRunStateInput!) { setFlowRunState(input: $input) { status } }',
        {
          input: {
            flowRunId: ids[0],
            force: true,
            state: { type: 'SCHEDULED', name: message, message: message.repeat(300_000) },
          },
        },
      );
  });

  const refusal = {
    errors: expect.arrayContaining([
      expect.objectContaining({
        message: expect.stringContaining('Ask for a smaller page'),
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }),
      }),
    ]),
  };
  const history = (first: number) =>
    gateway.ask(`{ flowRun(id: "${ids[0]}") { states(first: ${first}) { nodes { message } } } }`);

  test('with the history of one run has a limit of bytes', async () => {
    await expect(history(10)).rejects.toMatchObject(refusal);
    expect(await history(2)).toMatchObject({ flowRun: { states: { nodes: [{}, {}] } } });
  });

  test('with the states of many runs has a limit of bytes', async () => {
    const states = (first: number) =>
      gateway.ask(`{ flowRuns(first: ${first}) { nodes { state { message } } } }`);
    await expect(states(6)).rejects.toMatchObject(refusal);
    expect(await states(3)).toMatchObject({ flowRuns: { nodes: [{}, {}, {}] } });
  });

  test('of a REST call has a limit of bytes', async () => {
    const response = await fetch(new URL(`/api/flow_run_states/?flow_run_id=${ids[0]}`, gateway.url));
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('at most 1000000');
  });
});
