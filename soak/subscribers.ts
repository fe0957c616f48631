import { type Subscription, transports } from '../test/harness/subscribing';

const atOnce = 50;

/** Subscribers that wait for an event which never comes. */
export interface Subscribers {
  /** What broke off so far. */
  broken(): readonly string[];
  close(): Promise<void>;
}

const nobody = '00000000-0000-4000-8000-000000000000';
const query = `subscription { flowRunStateChanged(filter: { id: { any: ["${nobody}"] } }) { state { id } } }`;

/** Opens so many subscriptions, half of them over each transport, each on a connection of its own. */
export async function openSubscribers(url: string, count: number): Promise<Subscribers> {
  const open: Subscription[] = [];
  const broken: string[] = [];
  let isClosing = false;
  const watch = async (subscription: Subscription): Promise<void> => {
    const event = await subscription.next().catch((error: unknown) => String(error));
    if (!isClosing) broken.push(JSON.stringify(event));
  };
  for (let number = 0; number < count; number++) {
    const [, subscribe] = transports[number % transports.length] ?? [];
    if (subscribe === undefined) throw new Error('there is no way to subscribe');
    const subscription = subscribe({ url }, query);
    watch(subscription).catch((error: unknown) => broken.push(String(error)));
    open.push(subscription);
    // A burst of handshakes would measure the client.
    if (number % atOnce === 0) await new Promise(resolve => setTimeout(resolve, 100));
  }
  return {
    broken: () => broken,
    async close() {
      isClosing = true;
      await Promise.all(open.map(subscription => subscription.stop()));
    },
  };
}
