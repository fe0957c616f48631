import type { AuthFailure } from '@pothos/plugin-scope-auth';

/** The scopes that a caller lacked when a field was refused. */
export function missingScopes(failure: AuthFailure): string[] {
  if ('failures' in failure) return failure.failures.flatMap(missingScopes);
  return 'scope' in failure ? [failure.scope] : [];
}
