import { createHash, timingSafeEqual } from 'node:crypto';
import { type Actor, grantedScopes, type Scope } from './scope';

/** An API key as configured: only its digest, never the key itself. */
export interface ApiKey {
  /** The name of the holder, as recorded in the audit trail. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the key in 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Finds the holder of a key; null if the key is unknown. */
type FindActor = (token: string) => Actor | null;

/**
 * Creates the lookup of API keys. It compares a token with every key, so that its duration reveals nothing about
 * them.
 */
export function createApiKeyLookup(keys: readonly ApiKey[]): FindActor {
  const known = keys.map(key => ({
    digest: Buffer.from(key.sha256, 'hex'),
    actor: { name: key.name, scopes: grantedScopes(key.scopes) },
  }));
  return token => {
    const digest = createHash('sha256').update(token).digest();
    let found: Actor | null = null;
    for (const key of known) if (timingSafeEqual(digest, key.digest)) found = key.actor;
    return found;
  };
}
