import { useEffect, useState } from 'preact/hooks';
import { type QueryState, useQuery } from '../api/useQuery';
import { useSubscription } from '../api/useSubscription';
import {
  type OperationDetailsFragment,
  OperationDetailsProgressDocument,
  OperationPageDocument,
  type OperationRowFragment,
} from '../generated/graphql';
import { hasEnded } from './operationStatus';

/** An operation that is watched. */
interface WatchedOperation {
  /** undefined until it is loaded. */
  readonly operation: OperationDetailsFragment | undefined;
  readonly query: QueryState<unknown>;
  /** Whether it does not exist. */
  readonly isUnknown: boolean;
  /** Takes over what a command returned. */
  update(changes: OperationRowFragment): void;
}

/** Loads an operation and follows it until it ends, also over a lost gateway. */
export function useOperation(id: string): WatchedOperation {
  const query = useQuery(OperationPageDocument, { id });
  const [operation, setOperation] = useState<OperationDetailsFragment>();
  const loaded = query.data?.bulkOperation;

  useEffect(() => {
    if (loaded) setOperation(loaded);
  }, [loaded]);
  const isWatched = operation !== undefined && !hasEnded(operation.status);
  useSubscription(OperationDetailsProgressDocument, isWatched ? { id } : null, {
    next: ({ bulkOperationProgress }) => setOperation(bulkOperationProgress),
    // What happened last may have come after its last event.
    ended: query.refresh,
    failed: query.refresh,
  });

  return {
    operation,
    query,
    isUnknown: query.data !== undefined && !query.isStale && !loaded,
    update: changes => setOperation(before => before && { ...before, ...changes }),
  };
}
