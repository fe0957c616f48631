import { forbidden } from '../domain/errors';

/**
 * What a caller may do. `force` is required in addition to `write`; `operate` is for bulk operations; `admin`
 * includes all.
 */
export const scopes = ['read', 'write', 'force', 'operate', 'admin'] as const;
/** One of the scopes. */
export type Scope = (typeof scopes)[number];

/** A caller and its permissions. */
export interface Actor {
  /** The key's name, the token's subject, or `local` if authentication is off. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** When the credentials expire, in milliseconds since 1970; undefined for never. Subscriptions end then. */
  readonly expiresAt?: number | undefined;
}

/** Whether a word is the name of a scope. */
export const isScope = (word: string): word is Scope => scopes.some(scope => scope === word);

/** The scopes that words grant: unknown words are ignored, and `admin` grants all scopes. */
export function grantedScopes(words: readonly string[]): ReadonlySet<Scope> {
  const named = words.filter(isScope);
  return new Set(named.includes('admin') ? scopes : named);
}

/**
 * Requires a scope.
 *
 * @throws SwitchyardError FORBIDDEN if the caller lacks the scope.
 */
export function requireScope(actor: Actor, scope: Scope): void {
  if (!actor.scopes.has(scope)) throw forbidden(`${actor.name} lacks the scope "${scope}".`);
}
