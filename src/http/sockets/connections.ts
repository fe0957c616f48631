import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * What a connection is doing:
 *
 * - `new`: it has not sent the head of a request yet;
 * - `idle`: it had a response, and has not sent the head of its next request yet;
 * - `receiving`: the body of its request has not arrived in full;
 * - `responding`: its request has arrived, and the response is not sent in full;
 * - `upgraded`: it has become a WebSocket;
 * - `closing`: it was rejected, and is given a moment to read why.
 */
type Phase = 'new' | 'idle' | 'receiving' | 'responding' | 'upgraded' | 'closing';

/** One HTTP request and what becomes of it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Connection {
  readonly socket: Socket;
  phase: Phase;
  /** Requests in hand, in the order of their arrival: several where the client sends ahead. */
  readonly exchanges: Exchange[];
}

/** What may be ended to make room for a new connection, the least harm first; within each, what has waited longest. */
const evictionOrder = ['closing', 'new', 'idle', 'receiving'] as const satisfies readonly Phase[];

/** How long the response to a client that has half-closed its connection may take: it may be gone altogether. */
const halfClosedMilliseconds = 5000;

const isOpenStream = ({ response }: Exchange): boolean =>
  !response.writableEnded && String(response.getHeader('content-type')).startsWith('text/event-stream');

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** All connections of one server, by what they are doing. */
export class Connections {
  readonly #bySocket = new Map<Socket, Connection>();
  // A Set holds its members in the order of their insertion: its first member has been in the phase for longest.
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

  /** How many connections are open. */
  get size(): number {
    return this.#bySocket.size;
  }

  /** How many connections have become WebSockets. */
  get upgradedSize(): number {
    return this.#byPhase.upgraded.size;
  }

  /**
   * Adds a connection. Where there are too many, one that has no complete request in hand is cut in its place.
   *
   * @returns false where all others are busy: the new one must be rejected.
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
   * Notes a request whose head has arrived, and follows it until its response is sent.
   *
   * @returns false where its connection was rejected before: it gets no response.
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

  /** Whether a connection is among these. */
  has(socket: Socket): boolean {
    return this.#bySocket.has(socket);
  }

  /** Notes that a connection has become a WebSocket. */
  upgrade(socket: Socket): void {
    this.#move(socket, 'upgraded');
  }

  /**
   * Notes that a client sends nothing more: it may have half-closed its connection and wait for its response, or be gone.
   * Streams end at once, and responses that take long.
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

  /** Notes that a connection was rejected. */
  reject(socket: Socket): void {
    this.#move(socket, 'closing');
  }

  /** The last request of a connection whose response is not sent in full. */
  lastExchange(socket: Socket): Exchange | undefined {
    return this.#bySocket.get(socket)?.exchanges.at(-1);
  }

  /** Calls back once all responses of a connection are sent: at once where none is in hand, never where it closes first. */
  afterResponses(socket: Socket, then: () => void): void {
    const last = this.lastExchange(socket);
    if (last === undefined) return then();
    last.response.once('close', () => {
      if (!socket.destroyed) then();
    });
  }

  /** The request of each connection whose response is next to be sent. */
  *currentExchanges(): Generator<Exchange> {
    for (const { exchanges } of this.#bySocket.values()) {
      const [first] = exchanges;
      if (first !== undefined) yield first;
    }
  }

  /** Cuts what has no request in hand, and lets the others end: each closes after its response. */
  close(): void {
    this.#isClosing = true;
    this.#destroy('closing', 'new', 'idle');
    for (const { exchanges } of this.#bySocket.values()) {
      const last = exchanges.at(-1)?.response;
      if (last?.headersSent === false) last.setHeader('connection', 'close');
    }
  }

  /** Cuts the connections whose request has not arrived in full. */
  cutReceiving(): void {
    this.#destroy('receiving');
  }

  /** Cuts all connections. */
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
