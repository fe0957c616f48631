import { createClient as createServerSentEventsClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Services } from '../../src/transitions/services';
import type { TestGateway } from './gateway';

/** One result of a subscription. */
export interface SubscriptionAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

/** An open subscription. */
export interface Subscription {
  /** Waits for the next result; null if the subscription has ended. */
  next(): Promise<SubscriptionAnswer | null>;
  /** Ends it from the client's side. */
  stop(): Promise<void>;
}

/** How a client subscribes. */
export type Subscribe = (
  gateway: Pick<TestGateway, 'url'>,
  query: string,
  authorization?: string,
) => Subscription;

function subscription(
  answers: AsyncIterableIterator<unknown>,
  dispose: () => void | Promise<void>,
): Subscription {
  return {
    async next() {
      try {
        const { value, done } = await answers.next();
        return done ? null : (value as SubscriptionAnswer);
      } catch (errors) {
        // What graphql-ws sends as an error, its client throws.
        if (Array.isArray(errors)) return { errors };
        throw errors;
      }
    },
    async stop() {
      await answers.return?.();
      await dispose();
    },
  };
}

const overServerSentEvents: Subscribe = ({ url }, query, authorization) => {
  const client = createServerSentEventsClient({
    url,
    retryAttempts: 0,
    headers: authorization === undefined ? {} : { authorization },
  });
  return subscription(client.iterate({ query }), () => client.dispose());
};

const overWebSocket: Subscribe = ({ url }, query, authorization) => {
  const client = createWebSocketClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: authorization === undefined ? {} : { authorization },
  });
  return subscription(client.iterate({ query }), () => client.dispose());
};

/** Subscribes over server-sent events. */
export const subscribe: Subscribe = overServerSentEvents;

/** Both ways to subscribe. */
export const transports: readonly (readonly [string, Subscribe])[] = [
  ['server-sent events', overServerSentEvents],
  ['WebSocket', overWebSocket],
];

/** Counts those who listen to the state changes of a gateway from now on. */
export function countListeners(services: Services): () => number {
  const { stateChanges } = services;
  let count = 0;
  services.stateChanges = {
    publish: changes => stateChanges.publish(changes),
    subscribe(listener, onMissed) {
      const stop = stateChanges.subscribe(listener, onMissed);
      count++;
      let listens = true;
      return () => {
        if (listens) count--;
        listens = false;
        stop();
      };
    },
  };
  return () => count;
}
