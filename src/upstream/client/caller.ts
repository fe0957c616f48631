import { parseJson, printJson } from '../../domain/jsonText';
import { type Connection, createConnection, type WireResponse } from './connection';
import type { Credentials } from './credentials';
import { createCrossSiteToken, demandsCrossSiteToken } from './crossSiteToken';
import { createRequestGate, pause } from './requestGate';
import { failureOf } from './responseFailure';
import { UpstreamError } from './upstreamError';

/** A call of the API. */
export interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the address of the API, such as `/flow_runs/filter`, with its query. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Whether it changes nothing, so that it can be repeated. */
  isRead: boolean;
  /** Statuses of 400 and above that the caller of this understands. */
  expected?: readonly number[];
}

/** The response to a call. */
export interface CallResult {
  status: number;
  /** The parsed JSON; null where the body is empty. */
  body: unknown;
  /** When it had arrived, by `performance.now()`. */
  received: number;
  /** How long it was. */
  characters: number;
}

/** Sends calls to a server. */
export interface Caller {
  /** Whether a response is arriving now. */
  isReceiving(): boolean;
  /** Sends a call. Fails as `UpstreamClient` says. */
  call(call: Call, signal: AbortSignal | undefined): Promise<CallResult>;
  close(): Promise<void>;
}

/** Where calls go, and how they are bounded. */
interface CallerOptions {
  /** Without credentials and without a slash at its end. */
  address: string;
  credentials: Credentials;
  userAgent: string;
  timeoutSeconds: number;
  inFlight: number;
  requestsPerMinute: number | null;
}

/** A page of 200 runs with large parameters has some megabytes. */
const maxResponseBytes = 128_000_000;
/** Waits before a read is repeated. */
const repeatAfterMilliseconds = [100, 400, 1500];

/** Whether a read that failed so may succeed at once. */
const isWorthRepeating = ({ failure }: UpstreamError): boolean =>
  (failure.kind === 'serverError' && failure.status === 503) ||
  (failure.kind === 'unanswered' && !failure.timedOut);

/** A call in messages: its path without the query, which may hold a token. */
const nameOf = ({ method, path }: Call): string => `${method} ${path.replace(/\?.*/, '')}`;

/** Prepares to send calls to a server. Opens no connection. */
export function createCaller(options: CallerOptions): Caller {
  const { origin, pathname } = new URL(options.address);
  const basePath = pathname.replace(/\/$/, '');
  const limits = { timeoutMilliseconds: options.timeoutSeconds * 1000, maxResponseBytes };
  const connections = Array.from({ length: options.inFlight }, () => createConnection(origin, limits));
  const gate = createRequestGate(connections, options.requestsPerMinute);
  const token = createCrossSiteToken();
  const fixedHeaders = {
    accept: 'application/json',
    'user-agent': options.userAgent,
    ...(options.credentials.authorization !== null && { authorization: options.credentials.authorization }),
  };

  async function sendOn(
    connection: Connection,
    { method, path, body }: Call,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<WireResponse> {
    return connection.send(
      {
        method,
        path: basePath + path,
        headers: {
          ...fixedHeaders,
          ...headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : printJson(body),
      },
      signal,
    );
  }

  /** Sends a call; once more with a token where the server demands one: it has carried out nothing then. */
  async function sendWithToken(
    connection: Connection,
    call: Call,
    signal: AbortSignal | undefined,
  ): Promise<WireResponse> {
    const headers = token.headers();
    const response = await sendOn(connection, call, headers, signal);
    if (!demandsCrossSiteToken(response.status, response.text)) return response;
    await token.renew(headers, async path => {
      const request: Call = { method: 'GET', path, isRead: true };
      // Other calls wait for this token, so none of them may abort it.
      return resultOf(await sendOn(connection, request, {}, undefined), request).body;
    });
    return sendOn(connection, call, token.headers(), signal);
  }

  function resultOf({ status, headers, text }: WireResponse, { expected = [] }: Call): CallResult {
    const arrived = { received: performance.now(), characters: text.length };
    if (!expected.includes(status)) {
      const failure = failureOf(status, headers['retry-after'], text);
      if (failure !== null) throw failure;
    }
    if (text === '') return { status, body: null, ...arrived };
    try {
      return { status, body: parseJson(text), ...arrived };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const detail = 'the response is no JSON, so no Prefect server sent it';
      throw new UpstreamError(detail, { kind: 'malformed', detail });
    }
  }

  async function callOnce(call: Call, signal: AbortSignal | undefined): Promise<CallResult> {
    const connection = await gate.enter(signal);
    try {
      return resultOf(await sendWithToken(connection, call, signal), call);
    } finally {
      gate.leave(connection);
    }
  }

  return {
    isReceiving: () => connections.some(connection => connection.isReceiving()),
    async call(call, signal) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await callOnce(call, signal);
        } catch (error) {
          if (!(error instanceof UpstreamError)) throw error;
          const wait = repeatAfterMilliseconds[attempt];
          if (!call.isRead || wait === undefined || !isWorthRepeating(error))
            throw new UpstreamError(`${nameOf(call)}: ${error.message}`, error.failure);
          await pause(wait, signal);
        }
      }
    },
    async close() {
      await Promise.all(connections.map(connection => connection.close()));
    },
  };
}
