import { describeOnDatabases } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';

describeOnDatabases(['embedded'], 'a mutation', database => {
  const gateway = seededGateway(database);
  const send = (accept: string, name: string) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({
        query: `mutation { createFlowRuns(input: [{ flowId: "${gateway.flowId}", name: "${name}" }]) { results { created } } }`,
      }),
    });
  const countNamed = async (name: string): Promise<number> => {
    const query = 'query ($filter: FlowRunFilter) { flowRunCount(filter: $filter) }';
    const found = await gateway.ask<{ flowRunCount: number }>(query, { filter: { name: { any: [name] } } });
    return found.flowRunCount;
  };

  test.each(['application/xml', 'nonsense', ', ,', 'image/*', 'application/json; charset=utf-16'])(
    'is rejected, and writes nothing, when the client accepts no response: %s',
    async accept => {
      const response = await send(accept, 'refused');
      expect(response.status).toBe(406);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
      expect(await countNamed('refused')).toBe(0);
    },
  );

  test.each([
    '*/*',
    '',
    'application/*',
    'Application/JSON',
    'application/xml, application/json;q=0.5',
    'application/graphql-response+json; charset=utf-8',
  ])('is executed when the client accepts JSON: "%s"', async accept => {
    const name = `made ${accept}`;
    expect((await send(accept, name)).status).toBe(200);
    expect(await countNamed(name)).toBe(1);
  });
});
