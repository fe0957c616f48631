import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../bench/support/random';
import { askAt } from '../test/harness/gateway';
import { type Subscription, transports } from '../test/harness/subscribing';
import type { Deed, Tally } from './tally';

/** One client, and the runs that it alone moves. */
export interface ClientSettings {
  readonly url: string;
  readonly number: number;
  /** In state RUNNING at first. */
  readonly flowRunIds: readonly string[];
  readonly random: Random;
  readonly tally: Tally;
  /** Between two deeds; half as long on average. */
  readonly maxPauseSeconds: number;
}

/** What a client does until it is stopped. */
export interface Client {
  /** Runs until the signal aborts, with a pause after each action. */
  run(signal: AbortSignal): Promise<void>;
}

const maxWaitMilliseconds = 30_000;
const maxOperationMilliseconds = 120_000;
const moveAgainMilliseconds = 1000;

/** The states that runs are moved through, round and round. */
const cycle = ['CANCELLING', 'CANCELLED', 'SCHEDULED', 'PENDING', 'RUNNING'] as const;

/** Out of twenty deeds. */
const shares: readonly (readonly [Deed, number])[] = [
  ['page', 7],
  ['nested page', 3],
  ['count', 2],
  ['50-run call', 5],
  ['subscription', 2],
  ['operation', 1],
];

/** A page of 50 runs, as a list on a screen has it. */
export const pageQuery = `query ($filter: FlowRunFilter) {
  flowRuns(first: 50, filter: $filter) { nodes { id name stateType stateName startTime tags } pageInfo { endCursor hasNextPage } } }`;
const nestedQuery = `query ($filter: FlowRunFilter) {
  flowRuns(first: 20, filter: $filter) { nodes {
    id name flow { name } deployment { name } state { message } states(first: 3) { nodes { type timestamp } } } } }`;
const countQuery = 'query ($filter: FlowRunFilter) { flowRunCount(filter: $filter) }';
const move = `mutation ($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) { results { status state { type } } } }`;
const start = `mutation ($input: BulkOperationInput!) {
  startBulkOperation(input: $input) { ... on BulkOperation { id } ... on BulkOperationRefused { code message } } }`;

const filters: readonly [object, ...object[]] = [
  { tags: { all: ['rare'] }, state: { type: { any: ['COMPLETED'] } } },
  { state: { type: { any: ['FAILED', 'CRASHED'] } } },
  { tags: { all: ['backfill', 'etl'] } },
  { state: { name: { any: ['Late'] } } },
];

/** A client that reads, moves its runs, subscribes to them, and starts operations over them, at random. */
export function createClient({
  url,
  number,
  flowRunIds,
  random,
  tally,
  maxPauseSeconds,
}: ClientSettings): Client {
  const ask = askAt(url);
  let moves = 0;

  const nextState = (): string => cycle[moves++ % cycle.length] ?? 'RUNNING';
  const ownRuns = { id: { any: flowRunIds } };

  const subscribeSomehow = (query: string): Subscription => {
    const [, subscribe] = transports[random.below(transports.length)] ?? [];
    if (subscribe === undefined) throw new Error('there is no way to subscribe');
    return subscribe({ url }, query);
  };

  async function moveRuns(): Promise<void> {
    const { bulkSetFlowRunState } = await ask<{ bulkSetFlowRunState: { results: unknown[] } }>(move, {
      input: { flowRuns: ownRuns, state: { type: nextState() } },
    });
    const { length } = bulkSetFlowRunState.results;
    if (length !== flowRunIds.length) throw new Error(`${length} results for ${flowRunIds.length} runs`);
  }

  /** Subscribes, moves the runs until an event comes, and leaves. */
  async function subscribeForAWhile(): Promise<void> {
    const ids = flowRunIds.map(id => JSON.stringify(id)).join(' ');
    const subscription = subscribeSomehow(
      `subscription { flowRunStateChanged(filter: { id: { any: [${ids}] } }) { state { id type } flowRun { name } } }`,
    );
    const deadline = Date.now() + maxWaitMilliseconds;
    const next = subscription.next();
    try {
      for (;;) {
        await moveRuns();
        const event = await Promise.race([next, sleep(moveAgainMilliseconds, 'nothing yet' as const)]);
        if (event === 'nothing yet') {
          if (Date.now() > deadline) throw new Error('no event came');
          continue;
        }
        if (event === null) throw new Error('the subscription ended by itself');
        if (event.errors) throw new Error(JSON.stringify(event.errors));
        return;
      }
    } finally {
      // Where moving failed, nobody waits for the event any more.
      next.catch(() => undefined);
      await subscription.stop();
    }
  }

  /** Starts an operation over the runs and follows it to its end. */
  async function operate(): Promise<void> {
    const { startBulkOperation: started } = await ask<{ startBulkOperation: { id?: string } }>(start, {
      input: { flowRuns: ownRuns, state: { type: nextState() }, reason: `soak, client ${number}` },
    });
    if (started.id === undefined) throw new Error(JSON.stringify(started));
    const subscription = subscribeSomehow(
      `subscription { bulkOperationProgress(id: "${started.id}") { status counts { matched pending } } }`,
    );
    const giveUp = setTimeout(
      () => void subscription.stop().catch(() => undefined),
      maxOperationMilliseconds,
    );
    let last: unknown = null;
    try {
      for (let event = await subscription.next(); event; event = await subscription.next()) {
        if (event.errors) throw new Error(JSON.stringify(event.errors));
        last = event.data?.bulkOperationProgress;
      }
    } finally {
      clearTimeout(giveUp);
      await subscription.stop();
    }
    const { counts } = last as { counts: { matched: number; pending: number } };
    if (counts.matched !== flowRunIds.length || counts.pending !== 0)
      throw new Error(`the operation ended with ${JSON.stringify(last)}`);
  }

  const deeds: Readonly<Record<Deed, () => Promise<unknown>>> = {
    page: () => ask(pageQuery, { filter: random.pick(filters) }),
    'nested page': () => ask(nestedQuery, { filter: random.pick(filters) }),
    count: () => ask(countQuery, { filter: random.pick(filters) }),
    '50-run call': moveRuns,
    subscription: subscribeForAWhile,
    operation: operate,
  };

  function chooseDeed(): Deed {
    let left = random.below(shares.reduce((sum, [, share]) => sum + share, 0));
    for (const [deed, share] of shares) {
      if (left < share) return deed;
      left -= share;
    }
    return 'page';
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        const deed = chooseDeed();
        await tally.count(deed, deeds[deed]);
        await sleep(random.below(maxPauseSeconds * 1000));
      }
    },
  };
}
