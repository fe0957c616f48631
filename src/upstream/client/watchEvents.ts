import { WebSocket } from 'ws';
import { z } from 'zod';
import { parseJson } from '../../domain/jsonText';
import { createSubscriberBacklog } from '../../platform/subscriberBacklog';
import { parseResponse } from './parseResponse';
import { readRows } from './readRows';
import { wireEvent } from './schemas/event';
import type { UpstreamEvent, UpstreamFilter } from './upstreamClient';
import { UpstreamError, type UpstreamFailure } from './upstreamError';

/** Where events come from. */
export interface EventServer {
  /** The address of the API over HTTP. */
  address: string;
  /** What proves who this program is; null for nothing. */
  token: string | null;
  userAgent: string;
}

/** Which events are received. */
export interface Watched {
  filter: UpstreamFilter;
  /** Receives what is wrong with an event that is not as the API promises; it is left out. */
  onUnreadable: (detail: string) => void;
}

/** How many events may wait for their reader. */
const maxWaitingEvents = 20_000;
const bytesPerEvent = 300;
const maxMessageBytes = 16_000_000;
const handshakeMilliseconds = 30_000;
const pingMilliseconds = 20_000;
const policyViolation = 1008;

const message = z.object({ type: z.string(), event: z.unknown().optional() });

/**
 * Receives events from now on, and those that are stored and match.
 *
 * @throws UpstreamError where no connection comes about, or the reader falls too far behind.
 */
export async function* watchEvents(
  { address, token, userAgent }: EventServer,
  watched: Watched,
  signal: AbortSignal,
): AsyncGenerator<UpstreamEvent, void> {
  if (signal.aborted) return;
  const backlog = createSubscriberBacklog<UpstreamEvent>(
    {
      maxItems: maxWaitingEvents,
      maxBytes: Number.POSITIVE_INFINITY,
      bytesOf: events => events.length * bytesPerEvent,
    },
    () => failed('the events were read too slowly', { kind: 'unanswered', timedOut: false }),
  );
  const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/events/out`, ['prefect'], {
    headers: { 'user-agent': userAgent },
    handshakeTimeout: handshakeMilliseconds,
    maxPayload: maxMessageBytes,
    followRedirects: false,
    perMessageDeflate: false,
  });
  const stop = followSocket(socket, backlog, { token, ...watched });
  const abort = () => backlog.close();
  signal.addEventListener('abort', abort);
  try {
    for await (const events of backlog) yield* events;
  } finally {
    signal.removeEventListener('abort', abort);
    stop();
  }
}

const failed = (text: string, failure: UpstreamFailure): UpstreamError =>
  new UpstreamError(`the event stream: ${text}`, failure);

/** Does the handshake, and puts events into the backlog until the connection ends. */
function followSocket(
  socket: WebSocket,
  backlog: ReturnType<typeof createSubscriberBacklog<UpstreamEvent>>,
  { token, filter, onUnreadable }: Watched & { token: string | null },
): () => void {
  let isAuthenticated = false;
  let isAlive = true;
  const send = (content: unknown) => socket.send(JSON.stringify(content));

  function receive(text: string): void {
    const { type, event } = parseResponse(message, parseJson(text), 'the event stream');
    if (type === 'auth_success') {
      isAuthenticated = true;
      send({ type: 'filter', filter, backfill: true });
    } else if (type === 'event') {
      const { rows, unread } = readRows(wireEvent, [event], 'the event stream');
      for (const { detail } of unread) onUnreadable(detail);
      if (rows.length > 0) backlog.push(rows);
    }
  }

  // A connection that was lost without notice shows by the pong that does not come.
  const pings = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, pingMilliseconds);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('open', () => send({ type: 'auth', token }));
  socket.on('message', (data: Buffer) => {
    isAlive = true;
    try {
      receive(data.toString('utf8'));
    } catch (error) {
      backlog.fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
    backlog.fail(failed(`HTTP ${statusCode}`, upgradeFailure(statusCode)));
    socket.terminate();
  });
  socket.on('error', error => {
    if (!isAuthenticated) backlog.fail(failed(`no connection (${codeOf(error)})`, { kind: 'unreachable' }));
  });
  socket.on('close', code => {
    clearInterval(pings);
    if (isAuthenticated) return backlog.close();
    backlog.fail(
      code === policyViolation
        ? failed('the server does not accept the credentials', { kind: 'refused', status: 401 })
        : failed(`it was closed before it began (${code})`, { kind: 'unanswered', timedOut: false }),
    );
  });
  return () => {
    clearInterval(pings);
    socket.terminate();
  };
}

function upgradeFailure(status: number): UpstreamFailure {
  if (status === 401 || status === 403) return { kind: 'refused', status };
  if (status === 429) return { kind: 'busy', retryAfterSeconds: null };
  if (status >= 500) return { kind: 'serverError', status };
  return { kind: 'malformed', detail: `HTTP ${status} in place of a WebSocket` };
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.name);
