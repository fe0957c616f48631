import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { epoch } from '../api/connection';
import { type Problem, problemOf } from '../api/problem';
import { request } from '../api/request';
import {
  type BulkOperationItemStatus,
  OperationItemsDocument,
  type OperationItemsQuery,
  type TransitionCode,
} from '../generated/graphql';
import { useThrottle } from '../ui/useThrottle';

/** One item as it is shown. */
export type Item = NonNullable<OperationItemsQuery['bulkOperation']>['items']['nodes'][number];

/** Which items of an operation. */
export interface ItemsRequest {
  readonly id: string;
  readonly status: readonly BulkOperationItemStatus[];
  readonly code: readonly TransitionCode[];
  readonly flowRunId: string | null;
}

/** Rows of one page. */
const pageSize = 200;
/** The pages that are held; others are read again when they come into view. */
const maxPages = 6;
/** The least time between two reads of the rows in view while the operation runs. */
const refreshMilliseconds = 1000;

/** A long list of items of which only the pages around the view are held. */
export interface Items {
  /** As far as the list is known. */
  readonly rowCount: number;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly problem: Problem | undefined;
  /** undefined while its page is not held. */
  at(index: number): Item | undefined;
  /** Loads what is missing of a range of rows. */
  show(first: number, end: number): void;
}

interface HeldPage {
  readonly items: readonly Item[];
  /** How often the items had changed when it was asked for. */
  readonly revision: number;
}

interface Known {
  /** The cursors in front of the pages that are known to exist. */
  readonly cursors: readonly (string | null)[];
  readonly pages: ReadonlyMap<number, HeldPage>;
  /** Of all rows; null until the last page was read. */
  readonly rowCount: number | null;
}

const nothing: Known = { cursors: [null], pages: new Map(), rowCount: null };

/** The pages without those farthest from one, so that memory stays flat at any length. */
function nearest(pages: ReadonlyMap<number, HeldPage>, page: number) {
  const sorted = [...pages].sort(([one], [other]) => Math.abs(one - page) - Math.abs(other - page));
  return new Map(sorted.slice(0, maxPages));
}

/**
 * Reads the items of an operation by their cursors.
 *
 * @param round a new number reads them again.
 * @param progress a new text reads those in view again, each in its place. Among the items of one result or code
 * others would move, so these are read again by `round` alone.
 */
export function useItems(asked: ItemsRequest, round: number, progress: string): Items {
  const [known, setKnown] = useState<Known>(nothing);
  const [loadingPage, setLoadingPage] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem>();
  const call = useRef<AbortController | null>(null);
  const [revision, setRevision] = useState(0);
  const key = JSON.stringify([asked, round]);
  const hasFixedRows = asked.status.length === 0 && asked.code.length === 0;

  const load = useCallback(
    (page: number, after: string | null) => {
      call.current?.abort();
      const abort = new AbortController();
      call.current = abort;
      setLoadingPage(page);
      setProblem(undefined);
      const { id, status, code, flowRunId } = asked;
      const variables = {
        id,
        first: pageSize,
        after,
        flowRunId,
        status: status.length > 0 ? [...status] : null,
        code: code.length > 0 ? [...code] : null,
      };
      request(OperationItemsDocument, variables, abort.signal).then(
        ({ bulkOperation }) => {
          setLoadingPage(null);
          if (!bulkOperation) return;
          const { nodes, pageInfo } = bulkOperation.items;
          setKnown(before => {
            const isNewest = page === before.cursors.length - 1;
            const pages = nearest(new Map(before.pages).set(page, { items: nodes, revision }), page);
            if (!isNewest) return { ...before, pages };
            if (!pageInfo.hasNextPage) return { ...before, pages, rowCount: page * pageSize + nodes.length };
            const cursors = [...before.cursors, pageInfo.endCursor ?? null];
            return { pages, cursors, rowCount: null };
          });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setLoadingPage(null);
          setProblem(problemOf(error));
        },
      );
    },
    [key, revision],
  );

  useEffect(() => {
    setKnown(nothing);
    load(0, null);
    return () => call.current?.abort();
  }, [key]);

  const state = `${progress} ${epoch.value}`;
  const seenState = useRef(state);
  const refreshView = useThrottle(() => {
    setProblem(undefined);
    setRevision(before => before + 1);
  }, refreshMilliseconds);
  useEffect(() => {
    if (seenState.current === state || !hasFixedRows) return;
    seenState.current = state;
    refreshView();
  }, [state, hasFixedRows]);

  const rowCount = known.rowCount ?? (known.cursors.length - 1) * pageSize;
  return {
    rowCount,
    hasMore: known.rowCount === null,
    isLoading: loadingPage !== null && !known.pages.has(loadingPage),
    problem,
    at: index => known.pages.get(Math.floor(index / pageSize))?.items[index % pageSize],
    show(first, end) {
      if (loadingPage !== null || problem !== undefined) return;
      const last = known.rowCount === null ? end : Math.max(0, end - 1);
      for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
        const cursor = known.cursors[page];
        if (cursor === undefined || known.pages.get(page)?.revision === revision) continue;
        load(page, cursor);
        return;
      }
    },
  };
}
