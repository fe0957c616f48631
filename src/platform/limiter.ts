/** Counts how many resources each caller holds, up to a limit. */
export interface Limiter {
  /**
   * Takes one resource for a caller.
   *
   * @returns a function that releases it, at most once; null if the caller is at the limit.
   */
  acquire(caller: string): (() => void) | null;
}

/** Creates a limiter that allows each caller `max` resources at once. */
export function createLimiter(max: number): Limiter {
  const held = new Map<string, number>();

  function release(caller: string): void {
    const left = (held.get(caller) ?? 0) - 1;
    if (left > 0) held.set(caller, left);
    else held.delete(caller);
  }

  return {
    acquire(caller) {
      const count = held.get(caller) ?? 0;
      if (count >= max) return null;
      held.set(caller, count + 1);
      let isHeld = true;
      return () => {
        if (isHeld) release(caller);
        isHeld = false;
      };
    },
  };
}
