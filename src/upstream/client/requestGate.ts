/** Lets a bounded number of requests through at once, and a bounded number a minute. */
interface RequestGate<Lane> {
  /**
   * Waits for a lane to send a request on.
   *
   * @throws the reason of the signal, where it is aborted meanwhile.
   */
  enter(signal: AbortSignal | undefined): Promise<Lane>;
  /** Frees a lane for the next request. */
  leave(lane: Lane): void;
}

const minute = 60_000;

/**
 * Creates a gate that hands out lanes in the order of arrival.
 *
 * @param requestsPerMinute requests are spaced so that there are no more; null for no bound.
 */
export function createRequestGate<Lane>(
  lanes: readonly Lane[],
  requestsPerMinute: number | null,
): RequestGate<Lane> {
  const free = [...lanes];
  const waiting = new Set<(lane: Lane) => void>();
  let nextStart = 0;

  const freeLane = (signal: AbortSignal | undefined): Promise<Lane> =>
    new Promise((resolve, reject) => {
      const lane = free.pop();
      if (lane !== undefined) return resolve(lane);
      const take = (given: Lane) => {
        signal?.removeEventListener('abort', giveUp);
        resolve(given);
      };
      const giveUp = () => {
        waiting.delete(take);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.add(take);
    });

  function leave(lane: Lane): void {
    const [next] = waiting;
    if (next === undefined) {
      free.push(lane);
      return;
    }
    waiting.delete(next);
    next(lane);
  }

  async function spaced(signal: AbortSignal | undefined): Promise<void> {
    if (requestsPerMinute === null) return;
    const now = performance.now();
    const start = Math.max(now, nextStart);
    nextStart = start + minute / requestsPerMinute;
    if (start > now) await pause(start - now, signal);
  }

  return {
    async enter(signal) {
      signal?.throwIfAborted();
      const lane = await freeLane(signal);
      try {
        await spaced(signal);
        return lane;
      } catch (error) {
        leave(lane);
        throw error;
      }
    },
    leave,
  };
}

/**
 * Waits for a time.
 *
 * @throws the reason of the signal, where it is aborted meanwhile.
 */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const finish = () => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
