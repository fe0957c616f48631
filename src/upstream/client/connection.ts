import { Client, type Dispatcher } from 'undici';
import { UpstreamError } from './upstreamError';

/** A request as it goes over the wire. */
interface WireRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** With the path of the API, such as `/api/flow_runs/filter`. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** A response with its whole body. */
export interface WireResponse {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  text: string;
}

/** How a request is bounded. */
interface ConnectionLimits {
  /** From the first byte to the last of the response. */
  timeoutMilliseconds: number;
  maxResponseBytes: number;
}

/** One connection to a server: it carries one request at a time, and is opened again where it was closed. */
export interface Connection {
  /** Whether a response has begun to arrive, and has not ended. */
  isReceiving(): boolean;
  /**
   * Sends a request.
   *
   * @throws UpstreamError `unreachable`, `unanswered` or `malformed` (too large), or the reason of the signal.
   */
  send(request: WireRequest, signal: AbortSignal | undefined): Promise<WireResponse>;
  close(): Promise<void>;
}

const maxConnectMilliseconds = 10_000;
// The server closes idle connections after 5 s; a request that meets the closing is lost, and nothing shows whether it arrived.
const maxIdleMilliseconds = 4000;

/**
 * Prepares a connection. A `Client` for each instead of one `Pool` for all: after a response 5xx the server closes the
 * connection without notice, and a pool offers no way to drop that one connection before the next request takes it.
 */
export function createConnection(origin: string, limits: ConnectionLimits): Connection {
  const failedToConnect = new WeakSet<object>();

  function open(): Client {
    const client = new Client(origin, {
      connect: { timeout: Math.min(maxConnectMilliseconds, limits.timeoutMilliseconds) },
      pipelining: 1,
      keepAliveTimeout: maxIdleMilliseconds,
      keepAliveMaxTimeout: maxIdleMilliseconds,
      // The timer of `send` bounds the whole of a request.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    client.on('connectionError', (_origin, _targets, error) => failedToConnect.add(error));
    return client;
  }

  let client = open();
  let isReceiving = false;

  /** Closes the connection, and prepares the next. */
  function drop(): void {
    const dropped = client;
    client = open();
    dropped.destroy().catch(() => undefined);
  }

  async function exchange(request: WireRequest, signal: AbortSignal): Promise<WireResponse> {
    const { statusCode, headers, body } = await client.request({ ...request, signal });
    isReceiving = true;
    try {
      const text = await readBody(body, limits.maxResponseBytes);
      return { status: statusCode, headers, text };
    } finally {
      isReceiving = false;
    }
  }

  return {
    isReceiving: () => isReceiving,
    async send(request, signal) {
      // Not `AbortSignal.any`: on a signal that lives long, Node.js 20 holds what was made of it.
      const abort = new AbortController();
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        abort.abort();
      }, limits.timeoutMilliseconds);
      const giveUp = () => abort.abort();
      signal?.addEventListener('abort', giveUp, { once: true });
      try {
        signal?.throwIfAborted();
        const response = await exchange(request, abort.signal);
        if (response.status >= 500) drop();
        return response;
      } catch (error) {
        drop();
        signal?.throwIfAborted();
        if (error instanceof UpstreamError) throw error;
        throw toUpstreamError(error, timedOut, failedToConnect);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
      }
    },
    close: () => client.destroy(),
  };
}

async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw malformed(`the response is larger than ${maxBytes} bytes, which is more than is read`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const malformed = (detail: string) => new UpstreamError(detail, { kind: 'malformed', detail });

function toUpstreamError(error: unknown, timedOut: boolean, failedToConnect: WeakSet<object>): UpstreamError {
  if (isObject(error) && failedToConnect.has(error))
    return new UpstreamError(`no connection (${codeOf(error)})`, { kind: 'unreachable' });
  if (timedOut) return new UpstreamError('no response in time', { kind: 'unanswered', timedOut });
  return new UpstreamError(`the connection broke (${codeOf(error)})`, { kind: 'unanswered', timedOut });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The code of an error alone: its message may repeat headers. */
const codeOf = (error: unknown): string =>
  isObject(error) && 'code' in error ? String(error.code) : 'without a code';
