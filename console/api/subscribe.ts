import { type Client, createClient } from 'graphql-ws';
import type { TypedDocumentString } from '../generated/graphql';
import { reportFound, reportLost } from './connection';
import { type Problem, problemOf, problemOfErrors, type WireError } from './problem';
import { authorization, requestKey } from './session';

const unauthorized = 4401;
const maxWaitMilliseconds = 4000;

const waitBefore = (retries: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, Math.min(250 * 2 ** retries, maxWaitMilliseconds) * (0.75 + Math.random() / 2));
  });

const addressOf = ({ protocol, host }: Location): string =>
  `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`;

let client: Client | undefined;
let usedCredentials: string | null = null;

/** The one socket of the page. It is opened by the first subscription, and again with another key. */
function currentClient(): Client {
  if (client !== undefined && usedCredentials === authorization.value) return client;
  void client?.dispose();
  const credentials = authorization.value;
  usedCredentials = credentials;
  client = createClient({
    url: addressOf(window.location),
    connectionParams: credentials === null ? {} : { authorization: credentials },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: waitBefore,
    keepAlive: 10_000,
    on: {
      connected: () => reportFound(),
      closed: event => {
        const { code, wasClean } = event as CloseEvent;
        if (!wasClean || code === 1001) reportLost();
      },
    },
  });
  return client;
}

const isCloseEvent = (error: unknown): error is CloseEvent =>
  typeof error === 'object' && error !== null && 'code' in error && 'reason' in error;

const problemOfSubscription = (error: unknown): Problem => {
  if (Array.isArray(error)) return problemOfErrors(error as WireError[]);
  if (isCloseEvent(error)) return { code: 'UNAVAILABLE', message: error.reason, issues: [] };
  return problemOf(error);
};

/** What receives the events of a subscription. */
export interface Receiver<Result> {
  next(result: Result): void;
  /** It has failed for good. A lost gateway is no failure: the subscription continues when it is back. */
  failed?(problem: Problem): void;
  /** It has ended by itself. */
  ended?(): void;
}

/**
 * Subscribes over the one socket of the page.
 *
 * @returns ends the subscription.
 */
export function subscribe<Result, Variables extends object>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  receiver: Receiver<Result>,
): () => void {
  let isOver = false;
  let release: () => void = () => undefined;

  function start(): void {
    const credentials = authorization.value;
    release = currentClient().subscribe<Result>(
      { query: document.toString(), variables: { ...(variables as Record<string, unknown>) } },
      {
        next({ data, errors }) {
          if (errors) receiver.failed?.(problemOfErrors(errors));
          else if (data) receiver.next(data);
        },
        error(error) {
          if (isOver) return;
          if (isCloseEvent(error) && error.code === unauthorized) {
            void requestKey(error.reason, credentials).then(() => !isOver && start());
          } else receiver.failed?.(problemOfSubscription(error));
        },
        complete() {
          if (!isOver) receiver.ended?.();
        },
      },
    );
  }

  start();
  return () => {
    isOver = true;
    release();
  };
}
