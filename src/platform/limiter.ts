/** Counts what each caller holds at once, up to a limit. */
export interface Limiter {
  /**
   * Takes one for a caller.
   *
   * @returns how to release it, which counts once; null where the caller holds as many as are allowed.
   */
  acquire(caller: string): (() => void) | null;
}

/** Creates a limiter that allows each caller so many at once. */
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
