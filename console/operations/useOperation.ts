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

interface Sample {
  readonly time: number;
  readonly decided: number;
}

/** An operation that is watched. */
interface WatchedOperation {
  /** undefined until it is loaded. */
  readonly operation: OperationDetailsFragment | undefined;
  readonly query: QueryState<unknown>;
  /** Whether it does not exist. */
  readonly isUnknown: boolean;
  /** Runs per second lately; null while it is not known. */
  readonly speed: number | null;
  /** Takes over what a command returned. */
  update(changes: OperationRowFragment): void;
}

const spanMilliseconds = 10_000;

function speedOf(samples: readonly Sample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.time - first.time < 500) return null;
  return (1000 * (last.decided - first.decided)) / (last.time - first.time);
}

/** Loads an operation and follows it until it ends, also over a lost gateway. */
export function useOperation(id: string): WatchedOperation {
  const query = useQuery(OperationPageDocument, { id });
  const [operation, setOperation] = useState<OperationDetailsFragment>();
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const loaded = query.data?.bulkOperation;

  function take(newest: OperationDetailsFragment): void {
    setOperation(newest);
    const time = Date.now();
    const decided = newest.counts.matched - newest.counts.pending;
    setSamples(before => [
      ...before.filter(sample => time - sample.time < spanMilliseconds && sample.decided <= decided),
      { time, decided },
    ]);
  }

  useEffect(() => {
    if (loaded) take(loaded);
  }, [loaded]);
  const isWatched = operation !== undefined && !hasEnded(operation.status);
  useSubscription(OperationDetailsProgressDocument, isWatched ? { id } : null, {
    next: ({ bulkOperationProgress }) => take(bulkOperationProgress),
    // What happened last may have come after its last event.
    ended: query.refresh,
    failed: query.refresh,
  });

  return {
    operation,
    query,
    isUnknown: query.data !== undefined && !query.isStale && !loaded,
    speed: operation?.status === 'RUNNING' ? speedOf(samples) : null,
    update: changes => setOperation(before => before && { ...before, ...changes }),
  };
}
