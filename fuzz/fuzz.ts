import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { activeStatuses } from '../src/domain/bulkOperationEnums';
import { createSchema } from '../src/http/graphql';
import { askAt } from '../test/harness/gateway';
import { startGatewayProcess } from '../test/harness/gatewayProcess';
import { type Call, showCall } from './call';
import { openContents } from './contents';
import { faultsOf, isRefused } from './faults';
import { graphqlCalls } from './graphqlCalls';
import { populate } from './population';
import { restCalls } from './restCalls';
import { type Reply, send } from './send';

/** What is sent, and where. */
export interface FuzzSettings {
  /** An empty database. */
  readonly databaseUrl: string;
  /** How many calls are sent; those that look for a smaller counterexample come on top. */
  readonly calls: number;
  /** The same seed makes the same calls, but for the ids in them. */
  readonly seed: number;
  say(line: string): void;
}

/** A call that went wrong, made as small as possible. */
export interface Finding {
  readonly call: string;
  readonly fault: string;
}

/** What happened. */
export interface FuzzReport {
  /** How many calls had which status, by door. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly refused: number;
  readonly findings: readonly Finding[];
  /** The longest that `/livez` took, in milliseconds. */
  readonly slowestLivez: number;
  /** The exit code of the gateway, which is stopped in the end. */
  readonly exitCode: number | null;
}

/** Each round creates new runs, since calls delete and finish them. */
const callsInRound = 250;
const maxLivezMilliseconds = 10_000;
const maxShrinkMilliseconds = 60_000;
const maxSettleMilliseconds = 1500;
const pollMilliseconds = 10;
/** Polls in a row that find nothing written before the database counts as left alone. */
const quietPolls = 10;

const isActive = (status: string): boolean => activeStatuses.some(active => active === status);
const cancel = 'mutation ($id: ID!) { cancelBulkOperation(id: $id) { __typename } }';
const livez: Call = {
  method: 'GET',
  target: '/livez',
  headers: {},
  body: null,
  mayWrite: false,
  describesSchema: false,
};

/** Starts a gateway on a database, sends it calls of random shape, and reports what was wrong with the responses. */
export async function runFuzz({ databaseUrl, calls, seed, say }: FuzzSettings): Promise<FuzzReport> {
  const gateway = startGatewayProcess(databaseUrl);
  const url = await gateway.url();
  const port = Number(new URL(url).port);
  const ask = askAt(`${url}/graphql`);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const contents = await openContents(databaseUrl);
  const schema = createSchema();
  const statuses = new Map<string, number>();
  const findings: Finding[] = [];
  let refused = 0;
  let slowestLivez = 0;

  /** The operations when nothing was written any more. */
  let settled = '';

  /** Waits until no operation can be moved by a worker; one that takes too long is cancelled. */
  async function endOperations(): Promise<void> {
    const deadline = Date.now() + maxSettleMilliseconds;
    for (;;) {
      const active = (await contents.operations()).filter(({ status }) => isActive(status));
      if (active.length === 0) return;
      if (Date.now() > deadline) for (const { id } of active) await ask(cancel, { id });
      await sleep(pollMilliseconds);
    }
  }

  /**
   * Waits until workers write nothing any more. A batch that is in hand when its operation is paused is still written, and so
   * is what a rate has left when its operation ends.
   */
  async function waitUntilNothingIsWritten(): Promise<void> {
    await endOperations();
    let last = await contents.digest();
    for (let unchanged = 0; unchanged < quietPolls; unchanged++) {
      await sleep(pollMilliseconds);
      const digest = await contents.digest();
      if (digest !== last) unchanged = 0;
      last = digest;
    }
    settled = JSON.stringify(await contents.operations());
  }

  async function settle(): Promise<void> {
    if (JSON.stringify(await contents.operations()) !== settled) await waitUntilNothingIsWritten();
  }

  /** Whether the database changes with a call that is sent again: a worker's last write, which can be late, comes only once. */
  async function writesAgain(call: Call): Promise<boolean> {
    await waitUntilNothingIsWritten();
    const before = await contents.digest();
    await send(agent, port, call);
    return (await contents.digest()) !== before;
  }

  async function timeLivez(): Promise<void> {
    const start = performance.now();
    const { status } = await send(agent, port, livez);
    const took = performance.now() - start;
    slowestLivez = Math.max(slowestLivez, took);
    if (status !== 200) throw new Error(`/livez responds with ${status}`);
    if (took > maxLivezMilliseconds) throw new Error(`/livez took ${Math.round(took)} ms`);
  }

  function count(call: Call, reply: Reply): void {
    const name = `${call.target.startsWith('/graphql') ? 'GraphQL' : 'REST'} ${reply.status}`;
    statuses.set(name, (statuses.get(name) ?? 0) + 1);
  }

  /** @throws Error that says what is wrong with the response to a call. */
  async function check(call: Call): Promise<void> {
    const before = await contents.digest();
    const [reply] = await Promise.all([send(agent, port, call), timeLivez()]);
    count(call, reply);
    const faults = faultsOf(call, reply);
    const isRefusal = isRefused(call, reply);
    if (isRefusal) refused++;
    const mayNotWrite = isRefusal || !call.mayWrite;
    if (mayNotWrite && (await contents.digest()) !== before && (await writesAgain(call)))
      faults.push(`nothing may be written, and something was: ${reply.status} ${reply.body.slice(0, 300)}`);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    if (!isRefusal) await settle();
  }

  async function runRound(round: number, inRound: number): Promise<void> {
    const known = await populate(ask, round, settle);
    const arbitrary: fc.Arbitrary<Call> = fc.oneof(
      { weight: 2, arbitrary: graphqlCalls(schema, known) },
      { weight: 1, arbitrary: restCalls(known) },
    );
    const result = await fc.check(fc.asyncProperty(arbitrary, check), {
      numRuns: inRound,
      seed: seed + round,
      interruptAfterTimeLimit: maxShrinkMilliseconds,
    });
    if (!result.failed) return;
    const [call] = result.counterexample ?? [];
    const fault = String(result.errorInstance ?? 'the round took too long');
    findings.push({ call: call === undefined ? 'none' : showCall(call), fault });
    say(`round ${round}, seed ${seed + round}: ${fault}\n${call && showCall(call)}\n`);
  }

  try {
    for (let done = 0, round = 0; done < calls; done += callsInRound, round++)
      await runRound(round, Math.min(callsInRound, calls - done));
  } catch (error) {
    // Without a gateway, the fuzzer cannot continue.
    findings.push({ call: 'none', fault: `${String(error)}\n${gateway.output().slice(-2000)}` });
  }
  agent.destroy();
  await contents.close();
  gateway.terminate();
  return { statuses, refused, findings, slowestLivez, exitCode: await gateway.ended() };
}
