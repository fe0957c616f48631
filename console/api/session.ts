import { signal } from '@preact/signals';

const storageKey = 'switchyard.authorization';

/** The `Authorization` header of all calls; null without a key. It is stored for the session of this tab only. */
export const authorization = signal<string | null>(sessionStorage.getItem(storageKey));

/** Why a key is asked for; null while none is. */
export const keyRequest = signal<string | null>(null);

let provided = Promise.withResolvers<void>();

/**
 * Asks for a key or token, once for all calls that need one.
 *
 * @param reason the gateway's message.
 * @param refused the header that the call was sent with. If it has been replaced since, nothing is asked.
 *
 * @returns when a key is there to try again with.
 */
export async function requestKey(reason: string, refused: string | null): Promise<void> {
  if (authorization.value !== refused) return;
  keyRequest.value = refused === null ? 'This gateway asks for a key.' : reason;
  await provided.promise;
}

/** Stores the key or token that was typed, and continues the calls that wait for it. */
export function provideKey(key: string): void {
  authorization.value = `Bearer ${key.trim().replace(/^Bearer\s+/i, '')}`;
  sessionStorage.setItem(storageKey, authorization.value);
  keyRequest.value = null;
  provided.resolve();
  provided = Promise.withResolvers();
}

/** Removes the key from this tab and loads the page again. */
export function forgetKey(): void {
  sessionStorage.removeItem(storageKey);
  window.location.reload();
}
