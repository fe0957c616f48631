import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Scope, ViewerDocument, type ViewerQuery } from '../generated/graphql';
import { epoch } from './connection';
import { request } from './request';
import { authorization } from './session';

/** Who is signed in, and what the scopes are; null until it is known. */
export const viewer = signal<ViewerQuery['viewer'] | null>(null);

/** The address of the Prefect server that the gateway is attached to; null if there is none, or until that is known. */
export const attachedTo = signal<string | null>(null);

/** Loads the viewer, and again with another key or when the gateway is back. */
export function useLoadedViewer(): void {
  const credentials = authorization.value;
  const connected = epoch.value;
  useEffect(() => {
    const abort = new AbortController();
    request(ViewerDocument, {}, abort.signal).then(
      result => {
        viewer.value = result.viewer;
        attachedTo.value = result.server.attachedTo ?? null;
      },
      () => {
        // A key without the scope `read`: each view shows the error of its own calls.
        if (!abort.signal.aborted) viewer.value = null;
      },
    );
    return () => abort.abort();
  }, [credentials, connected]);
}

/** Whether the viewer has a scope; false until that is known. */
export const hasScope = (scope: Scope): boolean => viewer.value?.scopes.includes(scope) ?? false;

/** Why the viewer may not use what needs a scope; null if it may, or until that is known. */
export function whyForbidden(scope: Scope): string | null {
  if (viewer.value === null || hasScope(scope)) return null;
  return `This needs a key with the scope ${scope}; “${viewer.value.name}” does not have it.`;
}
