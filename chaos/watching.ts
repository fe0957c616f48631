import { setTimeout as sleep } from 'node:timers/promises';
import { transports } from '../test/harness/subscribing';
import type { Members } from './members';

interface SeenItem {
  flowRunId: string;
  position: number;
  cursor: string;
}

/** What a subscriber saw of one operation. */
export interface Watch {
  operationId: string;
  /** The runs of the items, in the order in which they came. */
  flowRunIds: string[];
  /** Items that came again, too early or too late. */
  outOfOrder: string[];
  reconnections: number;
  /** Until the operation is over, as the gateway said. */
  over: Promise<void>;
}

const pauseMilliseconds = 100;

function note(watch: Watch, { flowRunId, position }: SeenItem): void {
  watch.flowRunIds.push(flowRunId);
  const expected = watch.flowRunIds.length;
  if (position !== expected)
    watch.outOfOrder.push(`${watch.operationId}: item ${position} came as number ${expected}`);
}

/** Follows an operation at a gateway until it ends; returns where to continue, or null once it has ended. */
async function follow(
  watch: Watch,
  gatewayUrl: string,
  transport: number,
  after: string | null,
): Promise<{ after: string | null; isOver: boolean }> {
  const [, subscribe] = transports[transport % transports.length] ?? [];
  if (subscribe === undefined) throw new Error('there is no way to subscribe');
  const from = after === null ? '' : `, after: ${JSON.stringify(after)}`;
  const subscription = subscribe(
    { url: gatewayUrl },
    `subscription { bulkOperationItems(id: "${watch.operationId}"${from}) { flowRunId position cursor } }`,
  );
  let seen = after;
  try {
    for (;;) {
      const answer = await subscription.next();
      if (answer === null) return { after: seen, isOver: true };
      if (answer.errors || !answer.data) return { after: seen, isOver: false };
      const item = answer.data.bulkOperationItems as SeenItem;
      note(watch, item);
      seen = item.cursor;
    }
  } catch {
    return { after: seen, isOver: false };
  } finally {
    await subscription.stop().catch(() => undefined);
  }
}

/**
 * Subscribes to the items of an operation; when the subscription breaks, continues at the next gateway behind the last item, until
 * the signal says to give up.
 */
export function watchOperation(
  { gatewayUrl }: Pick<Members, 'gatewayUrl'>,
  operationId: string,
  number: number,
  givingUp: AbortSignal,
): Watch {
  const watch: Watch = {
    operationId,
    flowRunIds: [],
    outOfOrder: [],
    reconnections: 0,
    over: Promise.resolve(),
  };
  async function run(): Promise<void> {
    let after: string | null = null;
    for (let gateway = number; !givingUp.aborted; gateway++) {
      const url = gatewayUrl(gateway);
      if (url !== null) {
        const followed = await follow(watch, url, number, after);
        if (followed.isOver) return;
        after = followed.after;
        watch.reconnections++;
      }
      await sleep(pauseMilliseconds);
    }
  }
  watch.over = run();
  return watch;
}
