import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { parseInstant } from '../../../src/domain/instant';
import type { Caller } from '../../../src/upstream/client/caller';
import { eventCalls } from '../../../src/upstream/client/eventCalls';
import { ownerCalls } from '../../../src/upstream/client/ownerCalls';
import { createUnreadableRuns, type ReportUnreadable } from '../../../src/upstream/client/unreadableRuns';
import type { UpstreamEvent } from '../../../src/upstream/client/upstreamClient';

const time = '2026-01-01T00:00:00Z';
const idOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
const from = parseInstant(time);
const nowhere = { address: 'http://127.0.0.1:1/api', token: null, userAgent: 'test' };

describe('a row of a Prefect server that is not as its API promises takes no other with it', () => {
  const reports: Parameters<ReportUnreadable>[] = [];
  const unreadable = createUnreadableRuns((...report) => void reports.push(report));
  beforeEach(() => {
    reports.length = 0;
    unreadable.clear();
  });
  const respondingWith = (body: unknown): Caller => ({
    isReceiving: () => false,
    call: async () => ({ status: 200, body, received: 0, characters: 0 }),
    close: async () => undefined,
  });
  const owners = (rows: object[]) => ownerCalls(respondingWith(rows), unreadable);

  const flow = (number: number) => ({ id: idOf(number), name: 'flow', created: time, updated: time });
  const deployment = (number: number) => ({ ...flow(number), flow_id: idOf(9) });
  const taskRun = (number: number) => ({ ...flow(number), run_count: 1, total_run_time: 0 });

  test.each([
    ['flows', () => owners([flow(1), { ...flow(2), name: 5 }, flow(3)]).findFlows({ offset: 0 })],
    [
      'deployments',
      () =>
        owners([deployment(1), { ...deployment(2), name: 5 }, deployment(3)]).findDeployments({ offset: 0 }),
    ],
    [
      'task_runs',
      () => owners([taskRun(1), { ...taskRun(2), name: 5 }, taskRun(3)]).findTaskRuns([idOf(1)] as never),
    ],
  ])('in a page of %s, and is reported once', async (noun, find) => {
    for (const _ of ['once', 'again']) {
      const { rows, unreadable: ids } = await find();
      expect(rows).toHaveLength(2);
      expect(ids).toEqual([idOf(2)]);
    }
    expect(reports).toEqual([[{ place: `${noun} ${idOf(2)}` }, 'name must be text, and is a number']]);
  });

  test('but a page is refused where a row has no id', async () => {
    await expect(owners([flow(1), { name: 'flow' }]).findFlows({ offset: 0 })).rejects.toThrow(
      /^POST \/flows\/filter: 1\.id /,
    );
  });

  const event = (number: number) => ({
    id: idOf(number),
    event: 'prefect.flow-run.Failed',
    occurred: time,
    resource: { 'prefect.resource.id': `prefect.flow-run.${idOf(number)}` },
  });
  const events = [event(1), { ...event(2), occurred: 'yesterday' }, event(3)];

  test('among stored events', async () => {
    const calls = eventCalls(respondingWith({ events, next_page: null }), nowhere, unreadable);
    const found: UpstreamEvent[] = [];
    for await (const page of calls.findEvents({ from, to: from })) found.push(...page);
    expect(found.map(({ flowRunId }) => flowRunId)).toEqual([idOf(1), idOf(3)]);
    expect(reports).toHaveLength(1);
  });

  test('in the stream of events', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', socket =>
      socket.on('message', (data: Buffer) => {
        const send = (message: object) => socket.send(JSON.stringify(message));
        if (data.includes('"auth"')) return send({ type: 'auth_success' });
        for (const one of events) send({ type: 'event', event: one });
      }),
    );
    const { port } = server.address() as AddressInfo;
    const calls = eventCalls(
      respondingWith(null),
      { ...nowhere, address: `http://127.0.0.1:${port}` },
      unreadable,
    );
    const seen: UpstreamEvent[] = [];
    for await (const one of calls.watchEvents(from, new AbortController().signal))
      if (seen.push(one) === 2) break;
    server.close();
    expect(seen.map(({ flowRunId }) => flowRunId)).toEqual([idOf(1), idOf(3)]);
    expect(reports).toHaveLength(1);
  });
});
