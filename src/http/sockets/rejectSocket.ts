import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RequestRejection, rejectionBody } from '../errors/requestRejection';

/** An error response. */
export interface SocketRejection extends RequestRejection {
  readonly headers?: Readonly<Record<string, string>>;
}

/** The time for a client to read the response, in milliseconds. */
const lingerMilliseconds = 1000;

function responseText({ status, code, message, headers = {} }: SocketRejection): string {
  const body = JSON.stringify(rejectionBody('', { code, message }));
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
 * Writes a response on a socket without a request and closes it. Reads and drops further input for a moment: closing
 * a socket with unread bytes resets the connection, and the response is lost.
 */
export function rejectSocket(socket: Duplex, rejection: SocketRejection): void {
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
