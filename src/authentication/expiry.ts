import type { Actor } from './scope';

/** The longest delay that a timer of the runtime can have, in milliseconds. */
const maxDelay = 2 ** 31 - 1;

/**
 * Calls back once, when an actor's credentials expire.
 *
 * @returns how to stop waiting for it.
 */
export function onExpiry({ expiresAt }: Actor, expire: () => void): () => void {
  if (expiresAt === undefined) return () => undefined;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = Math.max(0, expiresAt - Date.now());
    timer = setTimeout(left > maxDelay ? wait : expire, Math.min(left, maxDelay));
  };
  wait();
  return () => clearTimeout(timer);
}
