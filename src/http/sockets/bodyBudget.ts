import type { Exchange } from './connections';

interface Reservation {
  readonly exchange: Exchange;
  readonly since: number;
  bytes: number;
}

/** The time after which a slow body may be dropped for others, in milliseconds. */
const slowMilliseconds = 1000;
/** The bytes of a body that a client may have sent with its head. */
const headRestBytes = 65_536;

/** The maximum memory for the body of a request, by its head. */
function bytesToReserve({ request: { headers } }: Exchange, maxBodyBytes: number): number {
  if (headers['transfer-encoding'] !== undefined) return maxBodyBytes;
  const declared = Number(headers['content-length'] ?? 0);
  // A larger body is rejected by its head and not stored.
  return declared <= maxBodyBytes ? declared : 0;
}

/**
 * Limits the bytes of the bodies of all requests in progress. A body of unknown length counts as a full one until it
 * has arrived.
 */
export class BodyBudget {
  readonly #reservations = new Set<Reservation>();
  #reservedBytes = 0;

  constructor(
    readonly maxBytes: number,
    readonly maxBodyBytes: number,
  ) {}

  /** The bytes that are reserved now. */
  get reservedBytes(): number {
    return this.#reservedBytes;
  }

  /**
   * Reserves memory for a request's body until its response is sent. If there is none, disconnects clients that send
   * their body slowly.
   *
   * @returns false if there is no memory.
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

  /** Reduces a reservation to the size of the body when it has arrived. */
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
