/**
 * Waits for a promise, but not for longer than so many milliseconds. The promise goes on unobserved after that.
 *
 * @returns whether it was settled in time.
 */
export function settleWithin(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    const finish = () => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(finish, finish);
  });
}
