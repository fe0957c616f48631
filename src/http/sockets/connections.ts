import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The phases of a connection:
 * - `new`: it has not sent the head of a request yet.
 * - `idle`: it received a response and has not sent the head of its next request yet.
 * - `receiving`: the body of its request has not arrived completely.
 * - `responding`: its request has arrived, and the response is not sent completely.
 * - `upgraded`: it has become a WebSocket.
 * - `closing`: it was rejected and has a moment to read the response.
 */
type Phase = 'new' | 'idle' | 'receiving' | 'responding' | 'upgraded' | 'closing';

/** An HTTP request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Connection {
  readonly socket: Socket;
  phase: Phase;
  /** The requests in progress in the order of arrival; several if the client pipelines. */
  readonly exchanges: Exchange[];
}

/** The phases that may be ended for a new connection, least harm first. Within a phase, the oldest is ended. */
const evictionOrder = ['closing', 'new', 'idle', 'receiving'] as const satisfies readonly Phase[];

/** The time limit for the response to a half-closed connection, in milliseconds: the client may be gone. */
const halfClosedMilliseconds = 5000;

const isOpenStream = ({ response }: Exchange): boolean =>
  !response.writableEnded && String(response.getHeader('content-type')).startsWith('text/event-stream');

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** All connections of a server by phase. */
export class Connections {
  readonly #bySocket = new Map<Socket, Connection>();
  // A Set iterates in insertion order: its first member has been in the phase longest.
  readonly #byPhase: Readonly<Record<Phase, Set<Connection>>> = {
    new: new Set(),
    idle: new Set(),
    receiving: new Set(),
    responding: new Set(),
    upgraded: new Set(),
    closing: new Set(),
  };
  #isClosing = false;

  constructor(readonly maxConnections: number) {}

  /** The number of open connections. */
  get size(): number {
    return this.#bySocket.size;
  }

  /** The number of WebSockets. */
  get upgradedSize(): number {
    return this.#byPhase.upgraded.size;
  }

  /**
   * Adds a connection. At the limit, ends one without a complete request.
   *
   * @returns false if all others are busy: the new one must be rejected.
   */
  add(socket: Socket): boolean {
    const hasRoom = this.size < this.maxConnections || this.#evictOne();
    const connection: Connection = { socket, phase: hasRoom ? 'new' : 'closing', exchanges: [] };
    this.#bySocket.set(socket, connection);
    this.#byPhase[connection.phase].add(connection);
    socket.once('close', () => {
      this.#bySocket.delete(socket);
      this.#byPhase[connection.phase].delete(connection);
    });
    return hasRoom;
  }

  /**
   * Records a request whose head has arrived, until its response is sent.
   *
   * @returns false if its connection was rejected: it gets no response.
   */
  begin(exchange: Exchange): boolean {
    const { request, response } = exchange;
    const connection = this.#bySocket.get(request.socket);
    if (connection === undefined || connection.phase === 'closing') return false;
    connection.exchanges.push(exchange);
    if (hasBody(request)) {
      this.#enter(connection, 'receiving');
      request.once('end', () => {
        if (connection.phase === 'receiving') this.#enter(connection, 'responding');
      });
    } else this.#enter(connection, 'responding');
    if (this.#isClosing) response.setHeader('connection', 'close');
    response.once('close', () => {
      connection.exchanges.splice(connection.exchanges.indexOf(exchange), 1);
      if (connection.exchanges.length > 0 || !this.#bySocket.has(connection.socket)) return;
      this.#enter(connection, 'idle');
      if (this.#isClosing) connection.socket.destroySoon();
    });
    return true;
  }

  /** Whether a connection is one of these. */
  has(socket: Socket): boolean {
    return this.#bySocket.has(socket);
  }

  /** Records that a connection has become a WebSocket. */
  upgrade(socket: Socket): void {
    this.#move(socket, 'upgraded');
  }

  /**
   * Records that a client sends nothing more: it may have half-closed its connection and wait for its response, or be
   * gone. Streams end at once, slow responses after a limit.
   */
  halfClose(socket: Socket): void {
    const connection = this.#bySocket.get(socket);
    if (connection === undefined || connection.exchanges.length === 0) return;
    if (connection.exchanges.some(isOpenStream)) {
      socket.destroy();
      return;
    }
    const timer = setTimeout(() => socket.destroy(), halfClosedMilliseconds);
    socket.once('close', () => clearTimeout(timer));
  }

  /** Records that a connection was rejected. */
  reject(socket: Socket): void {
    this.#move(socket, 'closing');
  }

  /** The last request of a connection without a complete response. */
  lastExchange(socket: Socket): Exchange | undefined {
    return this.#bySocket.get(socket)?.exchanges.at(-1);
  }

  /** Calls back when all responses of a connection are sent: at once without requests, never if it closes first. */
  afterResponses(socket: Socket, then: () => void): void {
    const last = this.lastExchange(socket);
    if (last === undefined) return then();
    last.response.once('close', () => {
      if (!socket.destroyed) then();
    });
  }

  /** The next request of each connection to be responded to. */
  *currentExchanges(): Generator<Exchange> {
    for (const { exchanges } of this.#bySocket.values()) {
      const [first] = exchanges;
      if (first !== undefined) yield first;
    }
  }

  /** Ends connections without a request. The others close after their response. */
  close(): void {
    this.#isClosing = true;
    this.#destroy('closing', 'new', 'idle');
    for (const { exchanges } of this.#bySocket.values()) {
      const last = exchanges.at(-1)?.response;
      if (last?.headersSent === false) last.setHeader('connection', 'close');
    }
  }

  /** Ends connections whose request has not arrived completely. */
  cutReceiving(): void {
    this.#destroy('receiving');
  }

  /** Ends all connections. */
  cutAll(): void {
    for (const socket of this.#bySocket.keys()) socket.destroy();
  }

  #move(socket: Socket, phase: Phase): void {
    const connection = this.#bySocket.get(socket);
    if (connection !== undefined) this.#enter(connection, phase);
  }

  #enter(connection: Connection, phase: Phase): void {
    if (connection.phase === 'closing') return;
    this.#byPhase[connection.phase].delete(connection);
    connection.phase = phase;
    if (this.#bySocket.has(connection.socket)) this.#byPhase[phase].add(connection);
  }

  #evictOne(): boolean {
    for (const phase of evictionOrder) {
      const [oldest] = this.#byPhase[phase];
      if (oldest === undefined) continue;
      // Its close event comes later: until then it must not be found here again.
      this.#byPhase[phase].delete(oldest);
      oldest.socket.destroy();
      return true;
    }
    return false;
  }

  #destroy(...phases: readonly Phase[]): void {
    for (const phase of phases) for (const { socket } of this.#byPhase[phase]) socket.destroy();
  }
}
