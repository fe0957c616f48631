import { useEffect, useRef, useState } from 'preact/hooks';
import { epoch } from '../api/connection';
import { type Problem, problemOf } from '../api/problem';
import { request } from '../api/request';
import { useSubscription } from '../api/useSubscription';
import {
  type BulkOperationStatus,
  OperationChangedDocument,
  type OperationRowFragment,
  OperationsPageDocument,
} from '../generated/graphql';
import { applyChange, type LoadedOperations } from './loadedOperations';

/** The newest operations, as many as were asked for. */
interface Operations {
  readonly rows: readonly OperationRowFragment[];
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly problem: Problem | undefined;
  loadMore(): void;
  refresh(): void;
  /** Takes over what is known of an operation. */
  update(operation: OperationRowFragment): void;
}

const nothing: LoadedOperations = { rows: [], cursor: null, hasMore: false };

/**
 * Loads operations, newest first, page by page, and follows all changes over one subscription.
 *
 * @param status null sends no query.
 */
export function useOperations(status: readonly BulkOperationStatus[] | null): Operations {
  const [loaded, setLoaded] = useState<LoadedOperations>(nothing);
  const [isLoading, setLoading] = useState(true);
  const [problem, setProblem] = useState<Problem>();
  const [watchProblem, setWatchProblem] = useState<Problem>();
  const [round, setRound] = useState(0);
  const key = JSON.stringify(status);
  const call = useRef<AbortController | null>(null);
  // Changes during a call: its page may have been read before them, so they are applied to it again.
  const changesDuringCall = useRef<Map<string, OperationRowFragment> | null>(null);
  const connected = epoch.value;

  async function load(after: string | null): Promise<void> {
    call.current?.abort();
    if (status === null) return;
    const abort = new AbortController();
    call.current = abort;
    const changes = new Map<string, OperationRowFragment>();
    changesDuringCall.current = changes;
    try {
      const filter = status.length > 0 ? { status: [...status] } : null;
      const { bulkOperations } = await request(OperationsPageDocument, { filter, after }, abort.signal);
      const { nodes, pageInfo } = bulkOperations;
      changesDuringCall.current = null;
      setLoaded(before => {
        const earlier = after === null ? [] : before.rows;
        const known = new Set(earlier.map(({ id }) => id));
        const page: LoadedOperations = {
          rows: [...earlier, ...nodes.filter(({ id }) => !known.has(id))],
          cursor: pageInfo.endCursor ?? null,
          hasMore: pageInfo.hasNextPage,
        };
        return [...changes.values()].reduce((joined, change) => applyChange(joined, change, status), page);
      });
      setProblem(undefined);
      setLoading(false);
    } catch (error) {
      if (abort.signal.aborted) return;
      setProblem(problemOf(error));
      setLoading(false);
    }
  }

  useEffect(() => {
    setLoading(true);
    setWatchProblem(undefined);
    void load(null);
    return () => call.current?.abort();
  }, [key, connected, round]);

  function update(operation: OperationRowFragment): void {
    if (status === null) return;
    changesDuringCall.current?.set(operation.id, operation);
    setLoaded(before => applyChange(before, operation, status));
  }

  // Unfiltered, because an operation that leaves the filter must leave the list.
  useSubscription(OperationChangedDocument, status === null ? null : {}, {
    next: ({ bulkOperationChanged }) => update(bulkOperationChanged),
    failed: setWatchProblem,
  });

  return {
    rows: loaded.rows,
    hasMore: loaded.hasMore,
    isLoading,
    problem: problem ?? watchProblem,
    loadMore() {
      setLoading(true);
      void load(loaded.cursor);
    },
    refresh: () => setRound(before => before + 1),
    update,
  };
}
