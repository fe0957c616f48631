import { v4 } from 'uuid';
import { addSeconds, systemClock } from '../../../src/domain/instant';
import {
  createUpstreamClient,
  type UpstreamClientOptions,
} from '../../../src/upstream/client/createUpstreamClient';
import type { UpstreamClient, UpstreamEvent } from '../../../src/upstream/client/upstreamClient';
import { missingPrefect } from '../../databases/testRun';
import { describeWhere } from '../../harness/describeWhere';
import { type FaultProxy, startFaultProxy } from '../../harness/faultProxy';
import { type PrefectSeed, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import { until } from '../../harness/waiting';

const authString = 'admin:not-to-be-logged';
const clock = systemClock();

describeWhere(missingPrefect(), 'events of a Prefect server', () => {
  let server: PrefectServer;
  let proxy: FaultProxy;
  let client: UpstreamClient;
  let seed: PrefectSeed;
  let flowId: string;

  const connect = (options: Partial<UpstreamClientOptions> = {}): UpstreamClient =>
    createUpstreamClient({
      apiUrl: proxy.url,
      authString,
      timeoutSeconds: 60,
      inFlight: 2,
      userAgent: 'switchyard/test',
      ...options,
    });

  beforeAll(async () => {
    server = await startPrefectServer({
      authString,
      services: true,
      environment: { PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED: 'false' },
    });
    proxy = await startFaultProxy(server.apiUrl);
    client = connect();
    seed = seedPrefect(server);
    flowId = await seed.flow();
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await proxy.stop();
    await server.stop();
  });

  interface Watching {
    events: UpstreamEvent[];
    /** Settles when the stream has ended. */
    ended: Promise<void>;
    stop(): void;
  }

  /** Watches, from the moment at which a probe has come back. */
  async function watch(watcher = client): Promise<Watching> {
    const abort = new AbortController();
    const events: UpstreamEvent[] = [];
    const ended = (async () => {
      for await (const event of watcher.watchEvents(addSeconds(clock(), -10), abort.signal))
        events.push(event);
    })();
    let failure: unknown = null;
    ended.catch((error: unknown) => {
      failure = error;
    });
    const probes = new Set<string>();
    await until(async () => {
      const probe = v4();
      probes.add(probe);
      await watcher.sendProbe(probe);
      if (failure !== null) throw failure as Error;
      return events.some(({ id }) => probes.has(id));
    });
    return { events, ended, stop: () => abort.abort() };
  }

  it('show a probe with its id, and about no run', async () => {
    const { events, stop, ended } = await watch();
    const probe = v4();
    await client.sendProbe(probe);
    await until(() => events.some(({ id }) => id === probe));
    expect(events.find(({ id }) => id === probe)).toMatchObject({
      event: 'switchyard.probe',
      flowRunId: null,
      stateId: null,
    });
    stop();
    await ended;
  });

  it('show each state of a run, with the id of the state', async () => {
    const { events, stop, ended } = await watch();
    const [id = ''] = await seed.runs([
      { flowId, states: [{ type: 'PENDING' }, { type: 'RUNNING', name: 'Busy' }] },
    ]);
    const ofRun = () => events.filter(({ flowRunId }) => flowRunId === id);
    await until(() => ofRun().length === 2);
    const states = await client.findStates(id as never);
    expect(ofRun()).toEqual(
      states?.map(({ id: stateId, name, timestamp }) => ({
        id: stateId,
        event: `prefect.flow-run.${name}`,
        occurred: timestamp,
        flowRunId: id,
        stateId,
      })),
    );
    stop();
    await ended;
  });

  it('are stored, and read in pages from the oldest on', async () => {
    const from = clock();
    const ids = await seed.runs(
      Array.from({ length: 30 }, () => ({
        flowId,
        states: [{ type: 'SCHEDULED' as const }, { type: 'PENDING' as const }],
      })),
    );
    const to = addSeconds(clock(), 1);
    const pagesOf = async () => {
      const pages: UpstreamEvent[][] = [];
      for await (const page of client.findEvents({ from, to })) pages.push(page);
      return pages;
    };
    await until(async () => (await pagesOf()).flat().length === 60);
    const pages = await pagesOf();
    expect(pages.map(page => page.length)).toEqual([50, 10]);
    const events = pages.flat();
    expect(new Set(events.map(({ flowRunId }) => flowRunId))).toEqual(new Set(ids));
    const times = events.map(({ occurred }) => occurred);
    expect(times).toEqual(times.toSorted());
  });

  it('end with the connection, and a new stream begins after it', async () => {
    const first = await watch();
    proxy.cut();
    await first.ended;
    const second = await watch();
    second.stop();
    await second.ended;
  });

  it('are refused with a wrong password', async () => {
    const stranger = connect({ authString: 'admin:wrong' });
    const next = stranger.watchEvents(clock(), new AbortController().signal).next();
    await expect(next).rejects.toMatchObject({ failure: { kind: 'refused' } });
    await expect(next).rejects.not.toThrow('wrong');
    await stranger.close();
  });

  it.each([
    [401, { kind: 'refused', status: 401 }],
    [502, { kind: 'serverError', status: 502 }],
    [404, { kind: 'malformed', detail: 'HTTP 404 in place of a WebSocket' }],
  ])('fail where HTTP %s comes in place of a stream', async (status, failure) => {
    proxy.inject({ kind: 'respond', status }, ({ path }) => path.endsWith('/events/out'));
    const next = client.watchEvents(clock(), new AbortController().signal).next();
    await expect(next).rejects.toMatchObject({ failure });
  });

  it('fail where the server cannot be reached', async () => {
    await proxy.goDown();
    const next = client.watchEvents(clock(), new AbortController().signal).next();
    await expect(next).rejects.toMatchObject({ failure: { kind: 'unreachable' } });
    await proxy.comeUp();
  });

  it('end where the signal was aborted before, without a connection', async () => {
    const before = proxy.seen.length;
    expect(await client.watchEvents(clock(), AbortSignal.abort()).next()).toEqual({
      done: true,
      value: undefined,
    });
    expect(proxy.seen.length).toBe(before);
  });
});
