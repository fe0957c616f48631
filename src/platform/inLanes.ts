/**
 * Does work on items, a few at once, in their order. Where work on one fails, no other is begun, and what has begun is waited
 * for.
 *
 * @param lanes how many at once.
 * @throws what the first failure threw.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  async function serve(): Promise<void> {
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    } finally {
      waiting.length = 0;
    }
  }
  const served = await Promise.allSettled(Array.from({ length: lanes }, serve));
  for (const result of served) if (result.status === 'rejected') throw result.reason;
}
