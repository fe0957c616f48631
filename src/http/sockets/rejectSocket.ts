import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Refusal, refusalBody } from '../plugins/refusal';

/** An error response. */
export interface Rejection extends Refusal {
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long a client may take to read the response before its connection is cut. */
const lingerMilliseconds = 1000;

function responseText({ status, code, message, headers = {} }: Rejection): string {
  const body = JSON.stringify(refusalBody('', { code, message }));
  const lines = {
    Connection: 'close',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    ...Object.entries(lines).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}

/**
 * Writes a response on a socket that carries no request, and closes it. What the client still sends is read and dropped for
 * a moment: a socket that is closed with unread bytes resets the connection, and the response is lost.
 */
export function rejectSocket(socket: Duplex, rejection: Rejection): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const timer = setTimeout(() => socket.destroy(), lingerMilliseconds);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  socket.end(responseText(rejection));
  socket.resume();
}
