import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Call } from './call';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty for an event stream, of which nothing but the head is awaited. */
  readonly body: string;
}

const maxMilliseconds = 40_000;

/**
 * Sends a call and returns the response. An event stream is closed once it has begun.
 *
 * @throws Error where the connection breaks, or nothing comes within 40 seconds.
 */
export function send(agent: Agent, port: number, call: Call): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path: call.target,
        method: call.method,
        headers: {
          ...call.headers,
          ...(call.body !== null && { 'content-length': String(call.body.byteLength) }),
        },
        timeout: maxMilliseconds,
      },
      response => {
        const { statusCode: status = 0, headers } = response;
        if (headers['content-type']?.startsWith('text/event-stream')) {
          resolve({ status, headers, body: '' });
          response.destroy();
          return;
        }
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status, headers, body: Buffer.concat(chunks).toString() }));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`nothing came within ${maxMilliseconds / 1000} s`)));
    sent.on('error', reject);
    sent.end(call.body);
  });
}
