import { v4 } from 'uuid';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { checkVersion } from '../../../src/upstream/checkVersion';
import {
  createUpstreamClient,
  type UpstreamClientOptions,
} from '../../../src/upstream/client/createUpstreamClient';
import type { GuardedCall, UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { UpstreamError, type UpstreamFailure } from '../../../src/upstream/client/upstreamError';
import { missingPrefect } from '../../databases/testRun';
import { describeWhere } from '../../harness/describeWhere';
import { type FaultProxy, type HttpFault, startFaultProxy } from '../../harness/faultProxy';
import { guardOf } from '../../harness/guardOf';
import { type PrefectSeed, seedPrefect } from '../../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../../harness/prefectServer';
import { until } from '../../harness/waiting';

const password = 'not-to-be-logged';
const authString = `admin:${password}`;

describeWhere(missingPrefect(), 'calls of a Prefect server that fail', () => {
  let server: PrefectServer;
  let proxy: FaultProxy;
  let client: UpstreamClient;
  let seed: PrefectSeed;
  const clients: UpstreamClient[] = [];

  const connect = (options: Partial<UpstreamClientOptions> = {}): UpstreamClient => {
    const created = createUpstreamClient({
      apiUrl: proxy.url,
      authString,
      timeoutSeconds: 60,
      inFlight: 2,
      userAgent: 'switchyard/test',
      ...options,
    });
    clients.push(created);
    return created;
  };

  beforeAll(async () => {
    server = await startPrefectServer({ authString, csrf: true });
    proxy = await startFaultProxy(server.apiUrl);
    seed = seedPrefect(server);
  }, 120_000);
  beforeEach(() => {
    client = connect();
  });
  afterEach(async () => {
    proxy.clear();
    await proxy.comeUp();
    await Promise.all(clients.splice(0).map(created => created.close()));
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  /** How a call failed; its error never holds a secret. */
  async function failureOf(call: Promise<unknown>): Promise<UpstreamFailure> {
    const error: unknown = await call.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof UpstreamError))
      throw new Error('the call did not fail as promised', { cause: error });
    const shown = JSON.stringify([error.message, error.stack, error.failure, error.cause]);
    for (const secret of [password, Buffer.from(authString).toString('base64')])
      expect(shown).not.toContain(secret);
    return error.failure;
  }

  /** A transition of a run that can happen. */
  async function transition(): Promise<GuardedCall> {
    const [id = ''] = await seed.runs([{ flowId: await seed.flow(), states: [{ type: 'RUNNING' }] }]);
    const [run] = (await client.findFlowRunsByIds([id as FlowRunId])).rows;
    if (run === undefined) throw new Error('the run that was made is not there');
    return { guard: guardOf(run), transitionId: v4(), proposal: { type: 'CRASHED' }, force: false };
  }

  const countWrites = () => proxy.seen.filter(({ path }) => path.includes('bulk_set_state')).length;
  const isWrite = ({ path }: { path: string }) => path.includes('bulk_set_state');
  const isRead = ({ path }: { path: string }) => path.includes('/admin/version') || path.endsWith('/filter');

  async function hasMoved({ guard, transitionId }: GuardedCall): Promise<boolean> {
    const states = await client.findStates(guard.flowRunId);
    return states?.some(({ stateDetails }) => stateDetails.transitionId === transitionId) ?? false;
  }

  describe('credentials', () => {
    it('are sent as Basic, and a token against cross-site requests is fetched once', async () => {
      const calls = await Promise.all([transition(), transition(), transition()]);
      const before = proxy.seen.length;
      const fresh = connect();
      const results = await Promise.all(calls.map(call => fresh.setGuardedState(call)));
      expect(results).toEqual(calls.map(() => expect.objectContaining({ status: 'ACCEPT' })));
      const tokens = proxy.seen.slice(before).filter(({ path }) => path.includes('csrf-token'));
      expect(tokens).toHaveLength(1);
    });

    it('are renewed where the token is not valid any more', async () => {
      await client.setGuardedState(await transition());
      const invalid = '{"detail":"Invalid CSRF token or client identifier."}';
      proxy.inject({ kind: 'respond', status: 403, body: invalid }, isWrite);
      expect(await client.setGuardedState(await transition())).toMatchObject({ status: 'ACCEPT' });
    });

    it('are refused where a new token is not accepted either', async () => {
      const invalid = '{"detail":"Invalid CSRF token or client identifier."}';
      proxy.inject({ kind: 'respond', status: 403, body: invalid }, isWrite, 2);
      const call = await transition();
      expect(await failureOf(client.setGuardedState(call))).toEqual({ kind: 'refused', status: 403 });
    });

    it.each([
      { authString: 'admin:wrong' },
      { authString: undefined },
      { authString: undefined, apiKey: 'pnu_key' },
    ])('are refused where they are wrong: %o', async options => {
      const wrong = connect(options);
      expect(await failureOf(wrong.readVersion())).toEqual({ kind: 'refused', status: 401 });
      await expect(checkVersion(wrong)).rejects.toThrow(UpstreamError);
    });

    it('are sent as Bearer where they are a key', async () => {
      const reader = connect({ authString: undefined, apiKey: 'pnu_key' });
      await failureOf(reader.readVersion());
      expect(proxy.seen.at(-1)?.headers.authorization).toBe('Bearer pnu_key');
    });

    it('come with the name of this program', async () => {
      await client.readVersion();
      expect(proxy.seen.at(-1)?.headers['user-agent']).toBe('switchyard/test');
    });
  });

  describe('a write', () => {
    const lost: [HttpFault, UpstreamFailure, boolean][] = [
      [{ kind: 'loseResponse' }, { kind: 'unanswered', timedOut: false }, true],
      [{ kind: 'truncate' }, { kind: 'unanswered', timedOut: false }, true],
      [{ kind: 'refuse' }, { kind: 'unanswered', timedOut: false }, false],
      [{ kind: 'respond', status: 500 }, { kind: 'serverError', status: 500 }, false],
      [{ kind: 'respond', status: 503 }, { kind: 'serverError', status: 503 }, false],
      [
        { kind: 'respond', status: 503, headers: { 'retry-after': '3' } },
        { kind: 'busy', retryAfterSeconds: 3 },
        false,
      ],
      [
        { kind: 'respond', status: 429, headers: { 'retry-after': '7' } },
        { kind: 'busy', retryAfterSeconds: 7 },
        false,
      ],
      [{ kind: 'respond', status: 429 }, { kind: 'busy', retryAfterSeconds: null }, false],
      [{ kind: 'respond', status: 401 }, { kind: 'refused', status: 401 }, false],
      [
        { kind: 'respond', status: 409, body: '{"detail":"Data integrity conflict."}' },
        { kind: 'invalid', status: 409, detail: 'Data integrity conflict.' },
        false,
      ],
    ];

    it.each(lost)('is sent once and reports what is known after %o', async (fault, failure, isCarriedOut) => {
      const call = await transition();
      const before = countWrites();
      proxy.inject(fault, isWrite);
      expect(await failureOf(client.setGuardedState(call))).toEqual(failure);
      expect(countWrites() - before).toBe(1);
      expect(await hasMoved(call)).toBe(isCarriedOut);
    });

    it('that takes too long reports a time-out, and may be carried out later', async () => {
      const impatient = connect({ timeoutSeconds: 1 });
      const call = await transition();
      await impatient.countFlowRuns({});
      proxy.inject({ kind: 'hold', milliseconds: 1500 }, isWrite);
      expect(await failureOf(impatient.setGuardedState(call))).toEqual({
        kind: 'unanswered',
        timedOut: true,
      });
      await until(() => hasMoved(call));
    });

    it('that the server has not seen is reported as such', async () => {
      const call = await transition();
      // One that has no open connection: what is sent on one that breaks may have arrived.
      const fresh = connect();
      await proxy.goDown();
      expect(await failureOf(fresh.setGuardedState(call))).toEqual({ kind: 'unreachable' });
      await proxy.comeUp();
      expect(await fresh.setGuardedState(call)).toMatchObject({ status: 'ACCEPT' });
    });

    it('follows a response 5xx on a connection of its own', async () => {
      const single = connect({ inFlight: 1 });
      await single.readVersion();
      const before = proxy.connections();
      proxy.inject({ kind: 'respond', status: 500 });
      await failureOf(single.sendProbe(v4()));
      await single.sendProbe(v4());
      expect(proxy.connections()).toBe(before + 1);
    });
  });

  describe('a read', () => {
    it.each<HttpFault>([{ kind: 'respond', status: 503 }, { kind: 'refuse' }, { kind: 'truncate' }])(
      'is repeated after %o',
      async fault => {
        proxy.inject(fault, isRead, 2);
        expect(await client.readVersion()).toBe('3.8.8');
      },
    );

    it('is repeated a few times only', async () => {
      proxy.inject({ kind: 'respond', status: 503 }, isRead, 100);
      const before = proxy.seen.length;
      expect(await failureOf(client.readVersion())).toEqual({ kind: 'serverError', status: 503 });
      expect(proxy.seen.length - before).toBe(4);
    });

    it.each([429, 500, 401])('is not repeated after HTTP %s', async status => {
      proxy.inject({ kind: 'respond', status }, isRead);
      const before = proxy.seen.length;
      await failureOf(client.readVersion());
      expect(proxy.seen.length - before).toBe(1);
    });

    it('that is aborted ends with the reason, and frees its place', async () => {
      const single = connect({ inFlight: 1 });
      const abort = new AbortController();
      proxy.inject({ kind: 'delay', milliseconds: 3000 }, isRead);
      const reading = single.readVersion(abort.signal);
      const waiting = single.readVersion(abort.signal);
      const arrived = proxy.seen.length;
      await until(() => proxy.seen.length > arrived);
      abort.abort(new Error('stopped'));
      await expect(reading).rejects.toThrow('stopped');
      await expect(waiting).rejects.toThrow('stopped');
      expect(await single.readVersion()).toBe('3.8.8');
    });
  });

  describe('a response that no Prefect server sends', () => {
    it('is refused where it is a redirect, which is not followed', async () => {
      const headers = { location: `${server.apiUrl}/admin/version` };
      proxy.inject({ kind: 'respond', status: 307, headers }, isRead);
      const before = proxy.seen.length;
      expect(await failureOf(client.readVersion())).toEqual({
        kind: 'malformed',
        detail: 'it is a redirect (307), and none is followed',
      });
      expect(proxy.seen.length - before).toBe(1);
    });

    it.each([
      ['<html>', 'the response is no JSON, so no Prefect server sent it'],
      ['{"version":1}', 'the response must be text, and is an object'],
      ['"nginx"', 'the response is not a version'],
    ])('is refused where a version must be and %s is', async (body, detail) => {
      proxy.inject({ kind: 'respond', status: 200, body }, isRead);
      expect(await failureOf(client.readVersion())).toEqual({ kind: 'malformed', detail });
      proxy.inject({ kind: 'respond', status: 200, body }, isRead);
      expect(await checkVersion(client)).toMatchObject({
        kind: 'unsupported',
        version: null,
        reason: expect.stringContaining('There is no Prefect server at http://127.0.0.1'),
      });
    });

    /** Lets the next read show one run with another value in a field. */
    async function showWith(field: string, value: unknown): Promise<FlowRunId> {
      const { guard } = await transition();
      const rows = (await seed.call('POST', '/flow_runs/filter', {
        flow_runs: { id: { any_: [guard.flowRunId] } },
      })) as object[];
      const body = JSON.stringify(rows.map(row => ({ ...row, [field]: value })));
      proxy.inject({ kind: 'respond', status: 200, body }, isRead);
      return guard.flowRunId;
    }

    it.each([
      ['run_count', '1', 'run_count must be a number, and is text'],
      ['end_time', 'yesterday', 'end_time is not an instant such as 2026-11-23T15:34:00.123456Z'],
      ['state_type', 'DONE', /^state_type must be one of SCHEDULED, /],
      ['state', { type: 'FAILED' }, 'state.id is not a UUID'],
    ])('leaves a run out with the name of the field where %s is %o', async (field, value, detail) => {
      const id = await showWith(field, value);
      expect(await client.findFlowRunsByIds([id])).toMatchObject({
        rows: [],
        unreadable: [{ id, detail: typeof detail === 'string' ? detail : expect.stringMatching(detail) }],
        count: 1,
      });
      expect(client.unreadable.size).toBe(1);
      await client.findFlowRunsByIds([id]);
      expect(client.unreadable.size).toBe(0);
    });

    it('is refused with the name of the field where a run has no id', async () => {
      const id = await showWith('id', 5);
      expect(await failureOf(client.findFlowRunsByIds([id]))).toEqual({
        kind: 'malformed',
        detail: '0.id is not a UUID',
      });
    });

    it('is refused where a result is about another run', async () => {
      const call = await transition();
      const body = JSON.stringify({
        results: [{ flow_run_id: v4(), status: 'ACCEPT', state: null, details: null }],
      });
      proxy.inject({ kind: 'respond', status: 200, body }, isWrite);
      expect(await failureOf(client.setGuardedState(call))).toMatchObject({ kind: 'malformed' });
    });
  });

  it('name the field of an input that the server does not accept, without its value', async () => {
    const filter = { id: { any_: ['hunter2'] } };
    const failure = await failureOf(client.countFlowRuns(filter));
    expect(failure).toMatchObject({ kind: 'invalid', status: 422 });
    expect(JSON.stringify(failure)).toContain('flow_runs.id.any_.0');
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });
});
