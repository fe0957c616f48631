/** Limits how many pieces of work run at once. */
export interface Gate {
  /**
   * Waits for a permit, first come, first served.
   *
   * @param maxMilliseconds how long to wait at most.
   * @param signal ends the wait early.
   * @returns a function that returns the permit; null if none was free in time.
   */
  enter(maxMilliseconds: number, signal?: AbortSignal): Promise<(() => void) | null>;
}

/** How long work waits in the queue by default: the default time limit of a request. */
const maxQueueMilliseconds = 30_000;

const noPermit = (): Error =>
  Object.assign(
    new Error(`no connection was free for this kind of work for ${maxQueueMilliseconds / 1000} s`),
    {
      code: 'POOL_TIMEOUT',
    },
  );

/**
 * Does work once it has a permit.
 *
 * @throws an error of kind `tooManyConnections` where there was none in time; the signal's reason where that came first.
 */
export async function throughGate<Result>(
  gate: Gate,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const leave = await gate.enter(maxQueueMilliseconds, signal);
  if (leave === null) {
    signal?.throwIfAborted();
    throw noPermit();
  }
  try {
    return await work();
  } finally {
    leave();
  }
}

/** Creates a gate that lets `permits` pieces of work run at once. */
export function createGate(permits: number): Gate {
  let free = permits;
  const waiting = new Set<() => void>();

  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  };

  /** A permit that is returned once, however often it is called. */
  const permit = (): (() => void) => {
    let isHeld = true;
    return () => {
      if (isHeld) leave();
      isHeld = false;
    };
  };

  return {
    enter(maxMilliseconds, signal) {
      if (signal?.aborted) return Promise.resolve(null);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(permit());
      }
      return new Promise(resolve => {
        const end = (result: (() => void) | null): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          waiting.delete(admit);
          resolve(result);
        };
        const admit = (): void => end(permit());
        const giveUp = (): void => end(null);
        const timer = setTimeout(giveUp, maxMilliseconds);
        signal?.addEventListener('abort', giveUp);
        waiting.add(admit);
      });
    },
  };
}
