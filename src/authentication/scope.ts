import { forbidden } from '../domain/errors';

/** What a caller may do. `force` is asked for beside `write`; `operate` is for bulk operations; `admin` holds all others. */
export const scopes = ['read', 'write', 'force', 'operate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who is calling, and what they may do. */
export interface Actor {
  /** The key's name, the token's subject, or `local` where nobody has to say who they are. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** When the credentials expire, in milliseconds since 1970; undefined: never. Subscriptions end then. */
  readonly expiresAt?: number | undefined;
}

/** Whether a word is the name of a scope. */
export const isScope = (word: string): word is Scope => scopes.some(scope => scope === word);

/** The scopes that words grant: words that name none are passed over, and `admin` grants them all. */
export function grantedScopes(words: readonly string[]): ReadonlySet<Scope> {
  const named = words.filter(isScope);
  return new Set(named.includes('admin') ? scopes : named);
}

/** @throws SwitchyardError (FORBIDDEN) where the caller lacks the scope. */
export function requireScope(actor: Actor, scope: Scope): void {
  if (!actor.scopes.has(scope)) throw forbidden(`${actor.name} lacks the scope "${scope}".`);
}
