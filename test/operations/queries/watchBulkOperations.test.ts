import { describeOnEveryDatabase } from '../../harness/databases';
import { type Subscription, transports } from '../../harness/subscribing';
import { type OperationGateway, startOperationGateway } from '../harness';

interface Seen {
  id: string;
  status: string;
  counts: { accepted: number };
}

const query = (filter: string) =>
  `subscription { bulkOperationChanged${filter} { id status counts { accepted } } }`;

/** Reads changes until one meets a condition, and returns all of them. */
async function readUntil(subscription: Subscription, isLast: (seen: Seen) => boolean): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (;;) {
    const result = await subscription.next();
    if (!result || result.errors) throw new Error(`ended early: ${JSON.stringify(result)}`);
    const change = result.data?.bulkOperationChanged as Seen;
    seen.push(change);
    if (isLast(change)) return seen;
  }
}

describeOnEveryDatabase('the operations that change', database => {
  let gateway: OperationGateway;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url, { OPERATION_BATCH_SIZE: '5' });
  });
  afterAll(() => gateway.close());
  beforeEach(() => gateway.clear());

  const flowRuns = { state: { type: { any: ['RUNNING'] } } };

  test.each(transports)(
    'are sent over %s: one that is paused already, and a new one to its end',
    async (_name, subscribe) => {
      await gateway.createRuns(2, { type: 'RUNNING' });
      const paused = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns, canary: 1 });
      await gateway.becomes(paused, 'PAUSED');
      const changes = subscribe(gateway, query(''));
      const [first] = await readUntil(changes, () => true);
      expect(first).toEqual({ id: paused, status: 'PAUSED', counts: { accepted: 1 } });

      await gateway.createRuns(20, { type: 'PENDING' });
      const id = await gateway.start({
        state: { type: 'FAILED' },
        flowRuns: { state: { type: { any: ['PENDING'] } } },
      });
      const seen = await readUntil(changes, change => change.id === id && change.status === 'COMPLETED');
      expect(seen.every(change => change.id === id)).toBe(true);
      expect(seen.at(-1)).toEqual({ id, status: 'COMPLETED', counts: { accepted: 20 } });
      await changes.stop();
      await gateway.call('cancelBulkOperation', { id: ['ID!', paused] });
    },
  );

  test('are those that match a filter, at most four times a second each', async () => {
    const [[, subscribe]] = transports as readonly [(typeof transports)[number]];
    await gateway.createRuns(60, { type: 'RUNNING' });
    const changes = subscribe(gateway, query('(filter: { status: [RUNNING, COMPLETED] })'));
    const start = performance.now();
    const id = await gateway.start({ state: { type: 'CANCELLED' }, flowRuns, runsPerSecond: 60 });
    const seen = await readUntil(changes, ({ status }) => status === 'COMPLETED');
    const seconds = (performance.now() - start) / 1000;
    expect(seen.length).toBeLessThanOrEqual(4 * seconds + 2);
    expect(new Set(seen.map(change => change.id))).toEqual(new Set([id]));
    expect(
      seen.map(({ status }) => status).filter(status => !['RUNNING', 'COMPLETED'].includes(status)),
    ).toEqual([]);
    await changes.stop();
  });
});
