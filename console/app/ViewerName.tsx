import { authorization } from '../api/session';
import { viewer } from '../api/viewer';

/** Who is signed in; without a key, that the gateway asks for none. */
export function ViewerName() {
  if (viewer.value === null) return null;
  const { name, scopes } = viewer.value;
  const allScopes = `Scopes: ${scopes.join(', ')}`;
  // What a proxy signs in has another name.
  const isOpen = authorization.value === null && name === 'local';
  return (
    <span
      class="viewer muted"
      title={
        isOpen
          ? `This gateway asks for no key: every caller that reaches it acts as “${name}”. ${allScopes}.`
          : `${name}. ${allScopes}.`
      }
    >
      {isOpen ? `${name} (no keys)` : name}
    </span>
  );
}
