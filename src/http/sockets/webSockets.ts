import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { createLimiter } from '../../platform/limiter';
import type { Logger } from '../../platform/logging';
import { ExactSocket } from './exactSocket';
import { rejectSocket, type SocketRejection } from './rejectSocket';
import {
  createSocketProtocol,
  type SocketProtocolOptions,
  type SocketState,
  withQuery,
} from './socketProtocol';
import { closeCodes, closeSocket, connectSocket, type SocketLimits } from './socketTransport';

/** The dependencies of WebSockets. */
interface WebSocketOptions extends Omit<SocketProtocolOptions, 'sockets'> {
  readonly config: SocketProtocolOptions['config'] &
    SocketLimits & { readonly maxBodyBytes: number; readonly maxSocketsPerCaller: number };
  readonly logger: Logger;
}

/** The open WebSockets. */
interface WebSockets {
  /** Opens a WebSocket on a socket. */
  readonly server: WebSocketServer;
  /** Closes each WebSocket with 1001 when its queries and mutations are done. Does not wait for subscriptions. */
  stop(): void;
}

const malformedHandshake = ({ message }: Error): SocketRejection => ({
  status: 400,
  code: 'BAD_USER_INPUT',
  message: `The WebSocket handshake is malformed: ${message}.`,
  headers: { 'Sec-WebSocket-Version': '13' },
});

/** Serves the schema over graphql-ws, with the same plugins as over HTTP. */
export function serveWebSockets(options: WebSocketOptions): WebSockets {
  const { config, logger } = options;
  const server = new WebSocketServer({
    noServer: true,
    WebSocket: ExactSocket,
    maxPayload: config.maxBodyBytes,
    // A peer that pings and does not read would fill the memory with pongs.
    autoPong: false,
    // Another subprotocol is closed with 4406.
    handleProtocols: protocols => protocols.has('graphql-transport-ws') && 'graphql-transport-ws',
  });
  const states = new Set<SocketState>();
  const protocol = createSocketProtocol({ ...options, sockets: createLimiter(config.maxSocketsPerCaller) });
  let isStopping = false;

  const stopOne = ({ socket }: SocketState): void =>
    closeSocket(socket, closeCodes.goingAway, 'The gateway is stopping.');

  server.on('error', error => logger.error({ err: error }, 'the WebSocket server failed'));
  server.on('wsClientError', (error, socket) => {
    logger.debug({ err: error }, 'a WebSocket handshake was malformed');
    rejectSocket(socket, malformedHandshake(error));
  });
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const gone = new AbortController();
    const state: SocketState = {
      socket,
      request,
      gone: gone.signal,
      caller: null,
      running: 0,
      onIdle: () => isStopping && stopOne(state),
    };
    states.add(state);
    socket.once('close', () => {
      states.delete(state);
      gone.abort();
    });
    connectSocket(
      protocol,
      state,
      config,
      withQuery,
      () => state.caller !== null,
      error => logger.error({ err: error }, 'a message over a WebSocket failed'),
    );
    if (isStopping) stopOne(state);
  });

  return {
    server,
    stop() {
      isStopping = true;
      for (const state of states) if (state.running === 0) stopOne(state);
    },
  };
}
