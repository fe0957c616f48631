import type { IncomingMessage } from 'node:http';
import { CloseCode, MessageType, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

/** How much one WebSocket may use, and how long its peer may be silent. */
export interface SocketLimits {
  /** Bytes that may wait to be sent. */
  readonly maxUnsentBytes: number;
  /** Seconds after which a peer that responds to no ping is cut. */
  readonly sendTimeoutSeconds: number;
}

/** The WebSocket close codes that graphql-ws has no name for. */
export const closeCodes = { goingAway: 1001, messageTooBig: 1009, tryAgainLater: 1013 } as const;

/** How long the peer may take to respond to a close before the connection is cut. */
const closeMilliseconds = 500;
/** What a peer may send before it is connected, in bytes: a token fits, and little else. */
const maxBytesBeforeInit = 65_536;
/** What a ping message may carry, in characters of JSON: it is sent back. */
const maxPingPayload = 1024;
const maxReasonLength = 123;

/** Closes a WebSocket with a reason, and cuts the connection of a peer that does not respond. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason.replace(/[^ -~]/g, '?').slice(0, maxReasonLength));
  const timer = setTimeout(() => socket.terminate(), closeMilliseconds);
  socket.once('close', () => clearTimeout(timer));
}

/** Cuts the connection of a peer that sends but does not read: a reason would not reach it either. */
function hasRoom(socket: WebSocket, maxUnsentBytes: number): boolean {
  if (socket.readyState !== socket.OPEN) return false;
  if (socket.bufferedAmount <= maxUnsentBytes) return true;
  socket.terminate();
  return false;
}

/** Pings the peer twice within its time, and cuts the connection where nothing comes back. */
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

/** Cuts the connection of a peer that sends more than a token before it is connected. */
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

/** Whether a message was of a kind that only servers send. */
const isUnexpectedMessage = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Unexpected message of type');

/**
 * Connects one WebSocket to the server of the protocol. Whatever its peer sends, or does not read, ends this socket alone.
 *
 * @param readText returns a message as the server of the protocol is to read it.
 * @param isConnected whether the peer has been let in by `connection_init`.
 * @param onError is called with errors of the server, which the peer did not cause.
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
      // What cannot be sent any more is of no interest: the socket's `close` ends what it had asked for.
      if (hasRoom(socket, maxUnsentBytes)) socket.send(data, () => resolve());
      else resolve();
    });

  const fail = (error: unknown): void => {
    if (isUnexpectedMessage(error)) return closeSocket(socket, CloseCode.BadRequest, String(error));
    onError(error);
    closeSocket(socket, CloseCode.InternalServerError, 'Internal server error');
  };

  // An error of the protocol or the connection: `ws` closes the socket with the code for it.
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
