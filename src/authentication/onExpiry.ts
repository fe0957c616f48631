import type { Actor } from './scope';

/** The longest delay of a timer in Node.js, in milliseconds. */
const maxDelay = 2 ** 31 - 1;

/**
 * Calls back once when the credentials of an actor expire.
 *
 * @param now the milliseconds since 1970.
 * @returns a function that cancels the callback.
 */
export function onExpiry({ expiresAt }: Actor, expire: () => void, now: () => number = Date.now): () => void {
  if (expiresAt === undefined) return () => undefined;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = Math.max(0, expiresAt - now());
    timer = setTimeout(left > maxDelay ? wait : expire, Math.min(left, maxDelay));
  };
  wait();
  return () => clearTimeout(timer);
}
