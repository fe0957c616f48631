import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import { parseJson, printJson } from '../src/domain/jsonText';
import { describeOnEveryDatabase } from './harness/databases';
import { jsonObjectText, jsonText } from './harness/jsonArbitrary';
import { seededGateway } from './harness/seededGateway';
import { until } from './harness/waiting';

interface Response {
  status: number;
  text: string;
}

const odd =
  '{"id":1234567890123456789,"long":123456789012345678901234567890,"r":1.0,"z":-0,"e":1E5,"h":1e-400,"f":0.1000,"__proto__":{"a":1.0},"constructor":[2.50]}';

/** The part of a response's text that is one field's value, as it was sent. */
const holds = ({ text }: Response, field: string, json: string): boolean =>
  text.includes(`"${field}":${json}`);

describeOnEveryDatabase('values come back as they were sent', database => {
  const gateway = seededGateway(database);

  async function send(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    method = 'POST',
  ): Promise<Response> {
    const response = await fetch(new URL(path, gateway.url), {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
      },
      ...(method === 'POST' && { body }),
    });
    return { status: response.status, text: await response.text() };
  }
  const ask = (query: string, variables = '{}') =>
    send('/graphql', `{"query":${JSON.stringify(query)},"variables":${variables}}`);
  const get = (path: string) => send(path, '', 'GET');
  const idIn = ({ text }: Response): string => /"id":"([0-9a-f-]{36})"/.exec(text)?.[1] ?? text;

  const create = `mutation ($input: [CreateFlowRunInput!]!) {
    createFlowRuns(input: $input) { results { flowRun { id parameters state { data } } } } }`;
  const read = (id: string) => ask(`{ flowRun(id: "${id}") { parameters state { data } } }`);
  const runOf = (parameters: string, data: string) =>
    `{"input":[{"flowId":"${gateway.flowId}","parameters":${parameters},"state":{"type":"COMPLETED","data":${data}}}]}`;

  const isEmbedded = database.kind === 'embedded';
  const runs = isEmbedded ? 25 : 8;

  it('through GraphQL and REST, read through GraphQL and REST', async () => {
    await fc.assert(
      fc.asyncProperty(jsonObjectText(), jsonText(), fc.boolean(), async (parameters, data, overRest) => {
        const made = overRest
          ? await send(
              '/api/flow_runs/',
              `{"flow_id":"${gateway.flowId}","parameters":${parameters},"state":{"type":"COMPLETED","data":${data}}}`,
            )
          : await ask(create, runOf(parameters, data));
        const id = idIn(made);
        for (const response of [made, await read(id), await get(`/api/flow_runs/${id}`)]) {
          expect(response.text).toContain(`"parameters":${parameters}`);
          expect(response.text).toContain(`"data":${data}`);
        }
      }),
      { numRuns: runs },
    );
  });

  it('in a literal of a query, with variables in it', async () => {
    const made = await ask(
      `mutation ($json: JSON, $absent: JSON) { createFlowRuns(input: [{ flowId: "${gateway.flowId}", parameters: {
        id: 1234567890123456789, h: 1e-400, r: 1.0, z: -0, e: [1E5, $json, $absent], __proto__: {a: 2.0}, gone: $absent } }])
        { results { flowRun { id parameters } } } }`,
      '{"json":{"__proto__":-0.0}}',
    );
    const expected =
      '{"id":1234567890123456789,"h":1e-400,"r":1.0,"z":-0,"e":[1E5,{"__proto__":-0.0},null],"__proto__":{"a":2.0}}';
    expect(made.text).toContain(`"parameters":${expected}`);
    expect(holds(await get(`/api/flow_runs/${idIn(made)}`), 'parameters', expected)).toBe(true);
  });

  it('in the variables of a GET, for a preview', async () => {
    const { text } = await ask(create, runOf('{}', 'null'));
    const id = /"id":"([^"]+)"/.exec(text)?.[1] ?? '';
    const query = `query ($data: JSON) { previewBulkSetFlowRunState(input: {
      force: true, flowRuns: { id: { any: ["${id}"] } }, state: { type: FAILED, data: $data } }) { results { state { data } } } }`;
    const parameters = new URLSearchParams({ query, variables: `{"data":${odd}}` });
    expect((await get(`/graphql?${parameters}`)).text).toContain(`"data":${odd}`);
  });

  it('in every field of REST that stores JSON', async () => {
    const fields = `"context":${odd},"job_variables":${odd},"labels":{"n":1.0,"i":1234567890123456789,"__proto__":"p"}`;
    const made = await send('/api/flow_runs/', `{"flow_id":"${gateway.flowId}",${fields}}`);
    expect(made.status).toBe(201);
    const { text } = await get(`/api/flow_runs/${idIn(made)}`);
    expect(text).toContain(`"context":${odd}`);
    expect(text).toContain(`"job_variables":${odd}`);
    expect(text).toContain('"n":1.0,"i":1234567890123456789,"__proto__":"p"');
    const deployment = await send(
      '/api/deployments/',
      `{"name":"d","flow_id":"${gateway.flowId}","parameters":${odd},"pull_steps":[${odd}],"parameter_openapi_schema":${odd},"concurrency_limit":2.0}`,
    );
    expect(deployment.status).toBe(201);
    for (const field of ['parameters', 'parameter_openapi_schema'])
      expect(deployment.text).toContain(`"${field}":${odd}`);
    expect(deployment.text).toContain(`"pull_steps":[${odd}]`);
    expect(deployment.text).toContain('"limit":2');
    const keyset = '{"__proto__":"a","keyset":"b"}';
    const state = `{"state":{"type":"PAUSED","state_details":{"run_input_keyset":${keyset}}},"force":true}`;
    const moved = await send(`/api/flow_runs/${idIn(made)}/set_state`, state);
    expect(moved.text).toContain(`"run_input_keyset":${keyset}`);
  });

  it('in the states of a subflow that its parent task run gets', async () => {
    const parent = await ask(create, runOf('{}', 'null'));
    const task = `{"flow_run_id":"${idIn(parent)}","task_key":"t","dynamic_key":"1"}`;
    const taskId = idIn(await send('/api/task_runs/', task));
    const made = await send(
      '/api/flow_runs/',
      `{"flow_id":"${gateway.flowId}","parent_task_run_id":"${taskId}","state":{"type":"COMPLETED","data":${odd}}}`,
    );
    expect(made.status).toBe(201);
    expect((await send('/api/task_runs/', task)).text).toContain(`"data":${odd}`);
  });

  it('in the events of a subscription over server-sent events', async () => {
    const stop = new AbortController();
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { flowRunStateChanged { state { data } } }' }),
      signal: stop.signal,
    });
    let text = '';
    if (response.body === null) throw new Error('the response has no body');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    // The first comment comes once somebody listens.
    await until(async () => {
      text += (await reader.read()).value ?? '';
      await ask(create, runOf('{}', odd));
      return text.includes('"data":{"id"');
    });
    stop.abort();
    expect(text).toContain(`"state":{"data":${odd}}`);
  });

  /** The messages that a graphql-ws client gets for one operation, up to the last that is of interest. */
  async function overWebSocket(
    query: string,
    variables: string,
    last = /"type":"(complete|error)"/,
  ): Promise<string> {
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
    try {
      return await new Promise((resolve, reject) => {
        let text = '';
        socket.on('error', reject);
        socket.on('close', (code, reason) => reject(new Error(`closed with ${code}: ${String(reason)}`)));
        socket.on('open', () => socket.send('{"type":"connection_init"}'));
        socket.on('message', (data: Buffer) => {
          const message = data.toString();
          text += message;
          if (message.includes('"connection_ack"'))
            socket.send(
              `{"id":"1","type":"subscribe","payload":{"query":${JSON.stringify(query)},"variables":${variables}}}`,
            );
          if (last.test(message)) resolve(text);
        });
      });
    } finally {
      socket.terminate();
    }
  }

  it('in the events of a subscription over a WebSocket', async () => {
    const over = new AbortController();
    const received = overWebSocket(
      'subscription { flowRunStateChanged { flowRun { parameters } state { data } } }',
      '{}',
      /"type":"next"/,
    ).finally(() => over.abort());
    // Nothing says over a WebSocket that a subscription has begun.
    await until(async () => {
      await ask(create, runOf(odd, odd));
      return over.signal.aborted;
    });
    expect(await received).toContain(`"flowRun":{"parameters":${odd}},"state":{"data":${odd}}`);
  });

  const preview = `query ($data: JSON, $id: ID!) { previewBulkSetFlowRunState(input: {
    force: true, flowRuns: { id: { any: [$id] } }, state: { type: FAILED, data: $data } }) { results { state { data } } } }`;

  it('in the variables and the messages of a WebSocket', async () => {
    const id = idIn(await ask(create, runOf('{}', 'null')));
    const text = await overWebSocket(preview, `{"data":${odd},"id":"${id}"}`);
    expect(text).toContain(`"data":${odd}`);
  });

  it('accepts an idempotency key again only with equal digits', async () => {
    const start = (data: string) =>
      ask(
        `mutation ($data: JSON) { startBulkOperation(input: { all: true, flowRuns: { tags: { all: ["none"] } }, reason: "r",
          idempotencyKey: "k", state: { type: FAILED, data: $data } }) { __typename ... on BulkOperation { id } ... on BulkOperationRefused { code } } }`,
        `{"data":${data}}`,
      );
    const first = await start('{"a":1.0,"b":1234567890123456789}');
    expect((await start('{"b":1234567890123456789,"a":1.0}')).text).toBe(first.text);
    expect((await start('{"b":1234567890123456788,"a":1.0}')).text).not.toBe(first.text);
  });

  it('stores texts of every kind exactly, up to the maximum number of characters', async () => {
    for (const text of ['trailing  ', 'e\u0301\u200f\ufeff\uffff', '\u2028', '😀'.repeat(127)]) {
      const json = JSON.stringify(text);
      const made = await send(
        '/api/flow_runs/',
        `{"flow_id":"${gateway.flowId}","name":${json},"tags":[${json}]}`,
      );
      expect(made.text).toContain(`"name":${json}`);
      expect((await get(`/api/flow_runs/${idIn(made)}`)).text).toContain(`"tags":[${json}]`);
    }
    const long = JSON.stringify('😀'.repeat(256));
    expect((await send('/api/flow_runs/', `{"flow_id":"${gateway.flowId}","name":${long}}`)).status).toBe(
      422,
    );
  });

  // What is rejected never reaches a statement: the database makes no difference.
  if (!isEmbedded) return;

  it.each([
    ['a NUL', '["\\u00001.0\\u0000",1.0]', 'data[0]: holds a NUL character'],
    ['endless depth', `${'['.repeat(1000)}${']'.repeat(1000)}`, 'nested more than 200 deep'],
  ])('rejects over a WebSocket: %s', async (_what, json, message) => {
    const text = await overWebSocket(preview, `{"id":"${gateway.flowId}","data":${json}}`).catch(String);
    expect(text).toContain(message);
    expect(text).toContain('BAD_USER_INPUT');
  });

  it('closes a WebSocket that sends more values in a message than allowed', async () => {
    const sent = overWebSocket('query ($data: JSON) { __typename }', `{"data":[${'0,'.repeat(100_000)}0]}`);
    await expect(sent).rejects.toThrow('closed with 1009: A message must have at most 100000 values');
  });

  it('reads numbers of typed fields in every notation', async () => {
    expect(
      (await ask('query ($first: Int) { flowRuns(first: $first) { totalCount } }', '{"first":1e1}')).status,
    ).toBe(200);
    const { text } = await ask(
      'query ($first: Int) { flowRuns(first: $first) { totalCount } }',
      '{"first":1e400}',
    );
    expect(text).toContain('BAD_USER_INPUT');
    const filter = await send('/api/flow_runs/filter', '{"limit":1.0,"offset":0.0}');
    expect(filter.status).toBe(200);
    expect((await send('/api/flow_runs/filter', '{"limit":{"a":1.0}}')).status).toBe(422);
    expect((await send('/api/flow_runs/filter', '{"flow_runs":1.0}')).text).toContain(
      'must be an object, and is a number',
    );
  });

  it.each([
    ['half a character', '"\\ud800"', 'half of a character'],
    ['a NUL', '{"a":"\\u0000"}', 'NUL'],
    ['endless digits', `[1${'0'.repeat(4300)}]`, 'more than 4300 digits'],
    ['a number beyond doubles', '{"a":[1,-1e400]}', 'must be between -1.7976931348623157e+308'],
    ['the same in a long fraction', `[1${'0'.repeat(400)}.5]`, 'must be between'],
    ['NaN', 'NaN', 'not JSON'],
  ])('rejects and writes nothing: %s', async (_what, json, message) => {
    const name = `refused ${json.slice(0, 20)}`.replaceAll(/["\\]/g, '');
    const overGraphQL = await ask(
      create,
      runOf(json, 'null').replace('"parameters"', `"name":"${name}","parameters"`),
    );
    expect(overGraphQL.status).toBe(400);
    expect(overGraphQL.text).toContain(message);
    expect(overGraphQL.text).toContain('BAD_USER_INPUT');
    const overRest = await send(
      '/api/flow_runs/',
      `{"flow_id":"${gateway.flowId}","name":"${name}","parameters":${json}}`,
    );
    expect(overRest.status).toBe(422);
    expect(overRest.text).toContain(message);
    const found = await ask(
      'query ($filter: FlowRunFilter) { flowRuns(filter: $filter) { totalCount } }',
      `{"filter":{"name":{"any":["${name}"]}}}`,
    );
    expect(found.text).toContain('"totalCount":0');
  });

  it.each(['1e999', '-1e400', `1${'0'.repeat(309)}.0`])(
    'rejects the number %s in a literal and over REST, and names its path',
    async number => {
      const { status, text } = await ask(
        `mutation { createFlowRuns(input: [{ flowId: "${gateway.flowId}", name: "beyond", parameters: { x: [1, ${number}] } }]) { results { created } } }`,
      );
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({
        errors: [
          { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['input', 0, 'parameters', 'x', 1] }] } },
        ],
      });
      const rest = await send(
        '/api/flow_runs/',
        `{"flow_id":"${gateway.flowId}","name":"beyond","parameters":{"x":[1,${number}]}}`,
      );
      expect(rest.status).toBe(422);
      expect(JSON.parse(rest.text)).toMatchObject({ detail: [{ loc: ['body', 'parameters', 'x', 1] }] });
      const found = await ask('{ flowRunCount(filter: { name: { any: ["beyond"] } }) }');
      expect(found.text).toContain('"flowRunCount":0');
    },
  );

  it('rejects bytes that are not UTF-8, and writes nothing', async () => {
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
    const graphql = await send(
      '/graphql',
      bytes(`{"query":"{ flowRuns(filter: {name: {any: [\\"é\\"]}}) { totalCount } }"}`),
    );
    expect([graphql.status, graphql.text]).toEqual([400, expect.stringContaining('not UTF-8')]);
    const rest = await send('/api/flow_runs/', bytes(`{"flow_id":"${gateway.flowId}","name":"é"}`));
    expect([rest.status, rest.text]).toEqual([422, expect.stringContaining('not UTF-8')]);
  });

  it('reads printed JSON back unchanged', () => {
    expect(printJson(parseJson(odd))).toBe(odd);
  });
});
