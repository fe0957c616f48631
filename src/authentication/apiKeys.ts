import { createHash, timingSafeEqual } from 'node:crypto';
import { type Actor, grantedScopes, type Scope } from './scope';

/** A key as it is configured: never the key itself, only its digest. */
export interface ApiKey {
  /** Whose key it is; stands in the audit trail. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the key, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Answers whose key a token is; null: nobody's. */
export type FindActor = (token: string) => Actor | null;

/** Compares a token with every key, so that the time taken tells nothing about any of them. */
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
