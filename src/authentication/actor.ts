/** What an actor may do. `admin` may do everything. */
export const scopes = ['read', 'write', 'force', 'operate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who asks: the key's name, the token's subject, or `local` where there is no authentication. */
export interface Actor {
  name: string;
  scopes: ReadonlySet<Scope>;
}

/** Whoever asks on a machine of their own, where no authentication is set up. */
export const localActor: Actor = { name: 'local', scopes: new Set(scopes) };

export const hasScope = (actor: Actor, scope: Scope): boolean =>
  actor.scopes.has(scope) || actor.scopes.has('admin');
