import type { Exchange } from './connections';

interface Reservation {
  readonly exchange: Exchange;
  readonly since: number;
  bytes: number;
}

/** A body that takes longer than this to arrive gives way to others. */
const slowMilliseconds = 1000;
/** What a client may have sent of a body together with its head. */
const headRestBytes = 65_536;

/** How many bytes a request's body may take up in memory, by its head. */
function bytesToReserve({ request: { headers } }: Exchange, maxBodyBytes: number): number {
  if (headers['transfer-encoding'] !== undefined) return maxBodyBytes;
  const declared = Number(headers['content-length'] ?? 0);
  // A larger one is rejected by its head, and not stored.
  return declared <= maxBodyBytes ? declared : 0;
}

/**
 * Bounds the bytes that the bodies of all requests in hand take up. A body whose length is not declared counts as a full one
 * until it has arrived.
 */
export class BodyBudget {
  readonly #reservations = new Set<Reservation>();
  #reservedBytes = 0;

  constructor(
    readonly maxBytes: number,
    readonly maxBodyBytes: number,
  ) {}

  /** Bytes that are reserved now. */
  get reservedBytes(): number {
    return this.#reservedBytes;
  }

  /**
   * Reserves room for a request's body until its response is sent. Where there is none left, connections that send their
   * body slowly are cut to make some.
   *
   * @returns false where there is no room.
   */
  reserve(exchange: Exchange): boolean {
    const bytes = bytesToReserve(exchange, this.maxBodyBytes);
    if (bytes === 0) return true;
    if (!this.#makeRoomFor(bytes)) return false;
    const reservation: Reservation = { exchange, bytes, since: performance.now() };
    this.#reservations.add(reservation);
    this.#reservedBytes += bytes;
    this.#followBody(reservation);
    exchange.response.once('close', () => this.#release(reservation));
    return true;
  }

  #makeRoomFor(bytes: number): boolean {
    if (this.#reservedBytes + bytes <= this.maxBytes) return true;
    const slowSince = performance.now() - slowMilliseconds;
    for (const reservation of this.#reservations) {
      if (reservation.since > slowSince) return false;
      if (reservation.exchange.request.complete) continue;
      this.#release(reservation);
      reservation.exchange.request.socket.destroy();
      if (this.#reservedBytes + bytes <= this.maxBytes) return true;
    }
    return false;
  }

  /** Reduces a reservation to what has arrived, once all has. */
  #followBody(reservation: Reservation): void {
    const { request } = reservation.exchange;
    const { socket } = request;
    const readBefore = socket.bytesRead;
    request.once('end', () => {
      if (!this.#reservations.has(reservation)) return;
      const bytes = Math.min(reservation.bytes, socket.bytesRead - readBefore + headRestBytes);
      this.#reservedBytes -= reservation.bytes - bytes;
      reservation.bytes = bytes;
    });
  }

  #release(reservation: Reservation): void {
    if (this.#reservations.delete(reservation)) this.#reservedBytes -= reservation.bytes;
  }
}
