import type { IncomingMessage } from 'node:http';
import { CloseCode, MessageType, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

/** The limits of a WebSocket. */
export interface SocketLimits {
  /** The maximum number of bytes that wait to be sent. */
  readonly maxUnsentBytes: number;
  /** The time in seconds after which a peer that does not respond to pings is disconnected. */
  readonly sendTimeoutSeconds: number;
}

/** WebSocket close codes that graphql-ws does not define. */
export const closeCodes = { goingAway: 1001, messageTooBig: 1009, tryAgainLater: 1013 } as const;

/** The time limit for a peer to respond to a close, in milliseconds. */
const closeMilliseconds = 500;
/** The maximum number of bytes from a peer before it is connected: enough for a token. */
const maxBytesBeforeInit = 65_536;
/** The maximum number of characters of JSON in a ping message, which is sent back. */
const maxPingPayload = 1024;
const maxReasonLength = 123;

/** Closes a WebSocket with a reason, and disconnects a peer that does not respond. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason.replace(/[^ -~]/g, '?').slice(0, maxReasonLength));
  const timer = setTimeout(() => socket.terminate(), closeMilliseconds);
  socket.once('close', () => clearTimeout(timer));
}

/**
 * Disconnects a peer that does not read: it would not receive a reason either. `stalledResponses.ts` does the same for HTTP,
 * and `platform/subscriberBacklog.ts` bounds what waits before it reaches a socket.
 */
function hasRoom(socket: WebSocket, maxUnsentBytes: number): boolean {
  if (socket.readyState !== socket.OPEN) return false;
  if (socket.bufferedAmount <= maxUnsentBytes) return true;
  socket.terminate();
  return false;
}

/** Pings the peer twice per period, and disconnects it if nothing comes back. */
function cutWhenSilent(socket: WebSocket, seconds: number): void {
  let isAlive = true;
  for (const sign of ['pong', 'ping', 'message'] as const)
    socket.on(sign, () => {
      isAlive = true;
    });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, seconds * 500);
  socket.once('close', () => clearInterval(timer));
}

/** Disconnects a peer that sends more than a token before it is connected. */
function limitBeforeInit(
  socket: WebSocket,
  { socket: raw }: IncomingMessage,
  isConnected: () => boolean,
): void {
  const start = raw.bytesRead;
  const check = (): void => {
    if (isConnected()) raw.off('data', check);
    else if (raw.bytesRead - start > maxBytesBeforeInit) socket.terminate();
  };
  raw.on('data', check);
}

/** Whether a message was of a type that only servers send. */
const isUnexpectedMessage = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Unexpected message of type');

/**
 * Connects a WebSocket to the protocol server. What its peer sends or does not read ends this socket only.
 *
 * @param readText converts a message for the protocol server.
 * @param isConnected whether `connection_init` was accepted.
 * @param onError receives errors of the server that the peer did not cause.
 */
export function connectSocket<Extra extends { socket: WebSocket; request: IncomingMessage }>(
  server: Server<Extra>,
  extra: Extra,
  { maxUnsentBytes, sendTimeoutSeconds }: SocketLimits,
  readText: (text: string) => string,
  isConnected: () => boolean,
  onError: (error: unknown) => void,
): void {
  const { socket, request } = extra;

  const send = (data: string): Promise<void> =>
    new Promise(resolve => {
      // What can no longer be sent is dropped: the `close` event ends its operations.
      if (hasRoom(socket, maxUnsentBytes)) socket.send(data, () => resolve());
      else resolve();
    });

  const fail = (error: unknown): void => {
    if (isUnexpectedMessage(error)) return closeSocket(socket, CloseCode.BadRequest, String(error));
    onError(error);
    closeSocket(socket, CloseCode.InternalServerError, 'Internal server error');
  };

  // An error of the protocol or the connection: `ws` closes the socket with its code.
  socket.on('error', () => undefined);
  socket.on('ping', (data: Buffer) => {
    if (hasRoom(socket, maxUnsentBytes)) socket.pong(data);
  });
  cutWhenSilent(socket, sendTimeoutSeconds);
  limitBeforeInit(socket, request, isConnected);

  const closed = server.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => closeSocket(socket, code ?? CloseCode.InternalServerError, reason ?? ''),
      onMessage: receive =>
        socket.on('message', (data: Buffer) => {
          receive(readText(data.toString())).catch(fail);
        }),
      onPing(payload) {
        const { length } = JSON.stringify(payload ?? null);
        if (length > maxPingPayload)
          return closeSocket(
            socket,
            CloseCode.BadRequest,
            `ping: payload must have at most ${maxPingPayload} characters (got ${length})`,
          );
        return send(JSON.stringify({ type: MessageType.Pong, ...(payload && { payload }) }));
      },
      onPong: () => undefined,
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    Promise.resolve(closed(code, String(reason))).catch(onError);
  });
}
