import { useEffect, useRef, useState } from 'preact/hooks';
import { epoch } from '../api/connection';
import { type Problem, problemOf } from '../api/problem';
import { request } from '../api/request';
import {
  type BulkOperationStatus,
  type OperationRowFragment,
  OperationsPageDocument,
} from '../generated/graphql';

const pollMilliseconds = 3000;

/** The newest operations, as many as were asked for. */
interface Operations {
  readonly rows: readonly OperationRowFragment[];
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly problem: Problem | undefined;
  loadMore(): void;
  refresh(): void;
  /** Takes over what is known of a row. */
  update(operation: OperationRowFragment): void;
}

interface Loaded {
  readonly rows: readonly OperationRowFragment[];
  readonly cursor: string | null;
  readonly hasMore: boolean;
}

const nothing: Loaded = { rows: [], cursor: null, hasMore: false };

const isFirstPageOnly = ({ rows }: Loaded): boolean => rows.length <= 50;

/** New operations on top, changed ones in their places. */
function merge(before: Loaded, page: Loaded): Loaded {
  if (isFirstPageOnly(before)) return page;
  const fresh = new Set(page.rows.map(({ id }) => id));
  return { ...before, rows: [...page.rows, ...before.rows.filter(({ id }) => !fresh.has(id))] };
}

/**
 * Loads operations, newest first, page by page, and looks for new ones while the page is in view.
 *
 * @param status null sends no query.
 */
export function useOperations(status: readonly BulkOperationStatus[] | null): Operations {
  const [loaded, setLoaded] = useState<Loaded>(nothing);
  const [isLoading, setLoading] = useState(true);
  const [problem, setProblem] = useState<Problem>();
  const [round, setRound] = useState(0);
  const key = JSON.stringify(status);
  const call = useRef<AbortController | null>(null);
  const connected = epoch.value;

  async function load(after: string | null, join: (before: Loaded, page: Loaded) => Loaded): Promise<void> {
    call.current?.abort();
    if (status === null) return;
    const abort = new AbortController();
    call.current = abort;
    try {
      const filter = status.length > 0 ? { status: [...status] } : null;
      const { bulkOperations } = await request(OperationsPageDocument, { filter, after }, abort.signal);
      const { nodes, pageInfo } = bulkOperations;
      const page = { rows: nodes, cursor: pageInfo.endCursor ?? null, hasMore: pageInfo.hasNextPage };
      setLoaded(before => join(before, page));
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
    void load(null, (_before, page) => page);
    const timer = setInterval(() => {
      if (!document.hidden) void load(null, merge);
    }, pollMilliseconds);
    return () => {
      clearInterval(timer);
      call.current?.abort();
    };
  }, [key, connected, round]);

  const append = (before: Loaded, page: Loaded): Loaded => ({
    ...page,
    rows: [...before.rows, ...page.rows],
  });
  return {
    rows: loaded.rows,
    hasMore: loaded.hasMore,
    isLoading,
    problem,
    loadMore: () => void load(loaded.cursor, append),
    refresh: () => setRound(before => before + 1),
    update: operation =>
      setLoaded(before => ({
        ...before,
        rows: before.rows.map(row => (row.id === operation.id ? operation : row)),
      })),
  };
}
