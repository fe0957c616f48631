/**
 * Waits for a promise, for `milliseconds` at most. Nothing observes the promise after that.
 *
 * @returns whether the promise settled in time.
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
