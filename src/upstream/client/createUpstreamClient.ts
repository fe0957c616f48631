import { createCaller } from './caller';
import { credentialsOf, type GivenCredentials } from './credentials';
import { eventCalls } from './eventCalls';
import { flowRunCalls } from './flowRunCalls';
import { ownerCalls } from './ownerCalls';
import { readVersion } from './readVersion';
import { transitionCalls } from './transitionCalls';
import { createUnreadableRuns, type ReportUnreadable } from './unreadableRuns';
import type { UpstreamClient } from './upstreamClient';

/** Where the server is, and how it is called. */
export interface UpstreamClientOptions extends GivenCredentials {
  /** Such as `http://prefect:4200/api`, without credentials. */
  apiUrl: string;
  /** The time limit of a call, from the moment at which it is sent. */
  timeoutSeconds: number;
  /** How many calls may be under way at once. */
  inFlight: number;
  /** How many calls may be sent in a minute; absent for no bound. */
  requestsPerMinute?: number | undefined;
  /** Such as `switchyard/1.0.0`. */
  userAgent: string;
  /** Receives each run, and what belongs to runs, that cannot be read, once; absent: nothing does. */
  onUnreadable?: ReportUnreadable;
}

/** Prepares to call the API of a Prefect server. Opens no connection before the first call. */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  const address = options.apiUrl.replace(/\/+$/, '');
  const credentials = credentialsOf(options);
  const caller = createCaller({
    address,
    credentials,
    userAgent: options.userAgent,
    timeoutSeconds: options.timeoutSeconds,
    inFlight: options.inFlight,
    requestsPerMinute: options.requestsPerMinute ?? null,
  });
  const unreadable = createUnreadableRuns(options.onUnreadable ?? (() => undefined));
  return {
    address,
    isReceiving: caller.isReceiving,
    readVersion: signal => readVersion(caller, signal),
    unreadable,
    ...flowRunCalls(caller, unreadable),
    ...ownerCalls(caller, unreadable),
    ...transitionCalls(caller),
    ...eventCalls(caller, { address, token: credentials.token, userAgent: options.userAgent }, unreadable),
    close: caller.close,
  };
}
