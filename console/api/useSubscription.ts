import { useEffect, useRef } from 'preact/hooks';
import type { TypedDocumentString } from '../generated/graphql';
import { authorization } from './session';
import { type Receiver, subscribe } from './subscribe';

/**
 * Subscribes while the component is there, and again when the variables change.
 *
 * @param variables null subscribes to nothing.
 */
export function useSubscription<Result, Variables extends object>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables | null,
  receiver: Receiver<Result>,
): void {
  const newest = useRef(receiver);
  newest.current = receiver;
  const key = JSON.stringify(variables);
  const credentials = authorization.value;

  useEffect(() => {
    if (key === 'null') return undefined;
    return subscribe(document, JSON.parse(key) as Variables, {
      next: result => newest.current.next(result),
      failed: problem => newest.current.failed?.(problem),
      ended: () => newest.current.ended?.(),
    });
  }, [document, key, credentials]);
}
