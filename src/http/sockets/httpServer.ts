import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from '../../platform/logging';
import { rejectionBody } from '../errors/requestRejection';
import { BodyBudget } from './bodyBudget';
import { Connections } from './connections';
import type { HttpSettings } from './httpSettings';
import { type Address, listenOn } from './listen';
import { rejectionOfParserError } from './rejectionOfParserError';
import { rejectSocket, type SocketRejection } from './rejectSocket';
import { parseTarget } from './requestTarget';
import { cutStalledResponses } from './stalledResponses';
import { isWebSocketUpgrade, withoutUpgrade } from './upgrades';

/** A server, and how to stop it. */
interface RunningServer {
  /** Starts to listen and returns the address. */
  listen(): Promise<Address>;
  /**
   * Accepts no new requests, waits for those in progress, and closes. Ends connections without a request at once,
   * those whose client neither sends nor reads after a second, and all others after the grace period.
   *
   * @param graceSeconds the time for requests in progress.
   */
  close(graceSeconds: number): Promise<void>;
}

/** The dependencies of an HTTP server. */
export interface HttpServerOptions {
  readonly settings: HttpSettings;
  readonly logger: Logger;
  /** Responds to a request whose target and host are valid. */
  respond(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Handles the socket of a WebSocket handshake. Without it, handshakes are requests like others. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** An HTTP server whose state tests can read. */
export interface HttpServer extends RunningServer {
  readonly connections: Connections;
  readonly bodyBudget: BodyBudget;
}

/** While the server closes: the time for an incomplete body and for a client that does not read, in milliseconds. */
const stalledGraceSeconds = 1;

/** The interval of timeout checks, in milliseconds. */
const checkMilliseconds = 1000;

const full: SocketRejection = {
  status: 503,
  code: 'UNAVAILABLE',
  message: 'The server has as many connections as MAX_CONNECTIONS allows. Try again later.',
  headers: { 'Retry-After': '1' },
};

const noRoomForBody: SocketRejection = {
  status: 503,
  code: 'UNAVAILABLE',
  message: 'The server receives as many bytes as MAX_BODY_BYTES_IN_FLIGHT allows. Try again later.',
  headers: { 'Retry-After': '1' },
};

const noTunnels: SocketRejection = {
  status: 405,
  code: 'BAD_USER_INPUT',
  message: 'This server is no proxy: CONNECT is not supported.',
  headers: { Allow: 'GET, HEAD, POST, OPTIONS' },
};

const unknownExpectation: SocketRejection = {
  status: 417,
  code: 'BAD_USER_INPUT',
  message: 'The Expect header must be 100-continue or absent.',
};

const unexpected = { status: 500, code: 'INTERNAL_ERROR', message: 'Unexpected error.' } as const;

/** Sends an error as the response, unless one has started. */
function sendError(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  { status, headers, ...error }: Omit<SocketRejection, 'code'> & Parameters<typeof rejectionBody>[1],
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(rejectionBody(url, error)));
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers })
    .end(body);
}

/**
 * Creates an HTTP server on which no peer can cause an exception: an error ends only its connection. All HTTP servers
 * are created here.
 */
export function createHttpServer({ settings, logger, respond, upgrade }: HttpServerOptions): HttpServer {
  const connections = new Connections(settings.maxConnections);
  const bodyBudget = new BodyBudget(settings.maxBodyBytesInFlight, settings.maxBodyBytes);
  const failed = new WeakSet<Socket>();
  const httpServer = createServer({
    headersTimeout: settings.headerTimeoutSeconds * 1000,
    requestTimeout: settings.receiveTimeoutSeconds * 1000,
    keepAliveTimeout: settings.keepAliveSeconds * 1000,
    connectionsCheckingInterval: checkMilliseconds,
    // TCP keep-alive detects a lost peer, also on WebSockets and streams.
    keepAlive: true,
    keepAliveInitialDelay: settings.keepAliveSeconds * 1000,
  });

  // By default Node.js ends a half-closed connection before its response is sent.
  Object.assign(httpServer, { httpAllowHalfOpen: true });

  function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (response.destroyed) {
      logger.debug({ err: error }, 'a response ended with its connection');
      return;
    }
    logger.error({ err: error }, 'a request failed with status 500');
    sendError(request, response, unexpected);
  }

  function begin(exchange: { request: IncomingMessage; response: ServerResponse }): boolean {
    exchange.response.on('error', error => logger.debug({ err: error }, 'a response could not be sent'));
    return connections.begin(exchange);
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const exchange = { request, response };
    if (!begin(exchange)) return;
    const target = parseTarget(request);
    if (!(target instanceof URL)) {
      sendError(request, response, {
        status: 400,
        code: 'BAD_USER_INPUT',
        ...target,
        headers: { Connection: 'close' },
      });
    } else if (!bodyBudget.reserve(exchange)) {
      sendError(request, response, noRoomForBody);
    } else {
      respond(request, response).catch((error: unknown) => fail(request, response, error));
    }
  }

  function reject(socket: Socket, rejection: SocketRejection): void {
    connections.reject(socket);
    rejectSocket(socket, rejection);
  }

  function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
    if (failed.has(socket)) return;
    failed.add(socket);
    logger.debug({ code: error.code }, 'a connection ended: what it sent is no HTTP request');
    const exchange = connections.lastExchange(socket);
    if (!socket.writable) socket.destroy();
    else if (exchange === undefined) reject(socket, rejectionOfParserError(error));
    // The body of the current request is broken.
    else if (!exchange.request.complete)
      sendError(exchange.request, exchange.response, rejectionOfParserError(error));
    // The current request is valid: its response comes first.
    else connections.afterResponses(socket, () => reject(socket, rejectionOfParserError(error)));
  }

  httpServer.on('connection', socket => {
    if (connections.has(socket)) return;
    socket.on('error', error => logger.debug({ err: error }, 'a connection broke'));
    socket.once('end', () => connections.halfClose(socket));
    if (connections.add(socket)) return;
    logger.debug('a connection was rejected: there are MAX_CONNECTIONS of them, and all are busy');
    reject(socket, full);
  });
  httpServer.on('request', onRequest);
  httpServer.on('checkExpectation', (request, response) => {
    if (begin({ request, response })) sendError(request, response, unknownExpectation);
  });
  httpServer.on('clientError', (error, socket) => onClientError(error, socket as Socket));
  httpServer.on('connect', (_request, socket) => reject(socket as Socket, noTunnels));
  if (upgrade !== undefined) {
    httpServer.on('upgrade', (request, socket, head) => {
      if (isWebSocketUpgrade(request)) {
        connections.afterResponses(socket as Socket, () => {
          connections.upgrade(socket as Socket);
          upgrade(request, socket, head);
        });
        return;
      }
      socket.unshift(withoutUpgrade(request, head));
      httpServer.emit('connection', socket);
    });
  }

  let stopLooking = cutStalledResponses(connections, settings.sendTimeoutSeconds);
  return {
    connections,
    bodyBudget,
    async listen() {
      const address = await listenOn(httpServer, settings);
      httpServer.on('error', error => logger.warn({ err: error }, 'a connection could not be accepted'));
      return address;
    },
    async close(graceSeconds) {
      const closed = new Promise<void>(resolve => {
        httpServer.close(() => resolve());
      });
      connections.close();
      stopLooking();
      stopLooking = cutStalledResponses(connections, stalledGraceSeconds);
      const timers = [
        setTimeout(() => connections.cutReceiving(), Math.min(graceSeconds, stalledGraceSeconds) * 1000),
        setTimeout(() => connections.cutAll(), graceSeconds * 1000),
      ];
      await closed;
      for (const timer of timers) clearTimeout(timer);
      stopLooking();
    },
  };
}
