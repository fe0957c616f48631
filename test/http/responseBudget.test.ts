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
        message: expect.stringContaining('Request a smaller page'),
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

  test('with the parameters of many runs has a limit of bytes', async () => {
    const large = await gateway.seeding.createFlowRuns(
      Array.from({ length: 4 }, () => ({
        flowId: gateway.flowId,
        name: 'large',
        parameters: { text: 'x'.repeat(300_000) },
      })),
    );
    const page = (first: number) =>
      gateway.ask(
        `{ flowRuns(first: ${first}, filter: { name: { any: ["large"] } }) { nodes { parameters } } }`,
      );
    await expect(page(4)).rejects.toMatchObject(refusal);
    expect(await page(2)).toMatchObject({
      flowRuns: { nodes: [{ parameters: { text: expect.stringMatching(/^x{300000}$/) } }, {}] },
    });
    const one = (id: string | undefined, alias: string) => `${alias}: flowRun(id: "${id}") { parameters }`;
    const several = (count: number) =>
      gateway.ask(
        `{ ${large
          .slice(0, count)
          .map((id, index) => one(id, `r${index}`))
          .join(' ')} }`,
      );
    await expect(several(4)).rejects.toMatchObject(refusal);
    expect(await several(2)).toHaveProperty('r1.parameters.text');
    const response = await fetch(new URL('/api/flow_runs/filter', gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"flow_runs":{"name":{"any_":["large"]}}}',
    });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('at most 1000000');
  });
});
