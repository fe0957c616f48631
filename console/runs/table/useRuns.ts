import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { epoch } from '../../api/connection';
import { type Problem, problemOf } from '../../api/problem';
import { request } from '../../api/request';
import { useSubscription } from '../../api/useSubscription';
import {
  OtherRunsChangedDocument,
  RowsChangedDocument,
  type RunRowFragment,
  RunsPageDocument,
} from '../../generated/graphql';
import { useThrottle } from '../../ui/useThrottle';
import { pageVariables, type RunsRequest } from './runsPage';

/** The rows that are loaded, and how to get more. */
export interface Runs {
  readonly rows: readonly RunRowFragment[];
  /** Rows whose state changed since they were loaded; they stay where they are until a refresh. */
  readonly changed: ReadonlySet<string>;
  /** Rises when runs beside the loaded ones change and match afterwards: the total may be another. Zero after a refresh. */
  readonly changesOfOthers: number;
  /** Whether changes were missed, because the gateway was away. */
  readonly hasMissed: boolean;
  readonly isLoading: boolean;
  /** Whether the reader stopped loading: the rows that are there are not all. */
  readonly isStopped: boolean;
  /** Whether the first rows of this filter are there, or cannot be loaded. */
  readonly isSettled: boolean;
  readonly hasMore: boolean;
  readonly problem: Problem | undefined;
  loadMore(): void;
  /** Stops loading; the gateway stops searching. */
  stop(): void;
}

interface Loaded {
  readonly rows: readonly RunRowFragment[];
  readonly cursor: string | null;
  readonly hasMore: boolean;
}

/** The changes that are not shown yet. */
const nothingArrived = () => ({ rows: new Map<string, RunRowFragment>(), others: new Set<string>() });

const nothing: Loaded = { rows: [], cursor: null, hasMore: true };

/**
 * Loads runs page by page, and marks those that change.
 *
 * @param asked null sends no query.
 * @param round a new number loads the list again.
 * @param watched the ids of the rows in view, whose changes are shown.
 */
export function useRuns(asked: RunsRequest | null, round: number, watched: readonly string[]): Runs {
  const key = JSON.stringify([asked, round]);
  const filterKey = JSON.stringify(asked?.filter);
  const [settledFilter, setSettledFilter] = useState<string>();
  const [loaded, setLoaded] = useState<Loaded>(nothing);
  const [isLoading, setLoading] = useState(asked !== null);
  const [isStopped, setStopped] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const [changesOfOthers, setChangesOfOthers] = useState(0);
  const [hasMissed, setMissed] = useState(false);
  const call = useRef<AbortController | null>(null);
  // An operation may move thousands of runs in a second.
  const arrived = useRef(nothingArrived());
  const current = useRef(asked);
  current.current = asked;

  const load = useCallback((before: Loaded, then: () => void) => {
    const { current: sent } = current;
    call.current?.abort();
    if (sent === null) {
      setLoaded({ ...nothing, hasMore: false });
      setLoading(false);
      return;
    }
    const abort = new AbortController();
    call.current = abort;
    setLoading(true);
    setStopped(false);
    setProblem(undefined);
    request(RunsPageDocument, pageVariables(sent, before.cursor), abort.signal).then(
      ({ flowRuns: { nodes, pageInfo } }) => {
        const known = new Set(before.rows.map(({ id }) => id));
        setLoaded({
          rows: [...before.rows, ...nodes.filter(({ id }) => !known.has(id))],
          cursor: pageInfo.endCursor ?? null,
          hasMore: pageInfo.hasNextPage,
        });
        then();
        setLoading(false);
        setSettledFilter(JSON.stringify(sent.filter));
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setProblem(problemOf(error));
        setLoading(false);
        setSettledFilter(JSON.stringify(sent.filter));
      },
    );
  }, []);

  const shownRound = useRef(round);
  // Not after the next frame: the rows may be on their way already.
  useLayoutEffect(() => {
    // The rows of another filter must not be taken for those of this one. A refresh leaves them until the new ones are there.
    if (shownRound.current === round) setLoaded(nothing);
    shownRound.current = round;
    arrived.current = nothingArrived();
    load(nothing, () => {
      setChanged(new Set());
      setChangesOfOthers(0);
      setMissed(false);
    });
    return () => call.current?.abort();
  }, [key]);

  const connected = epoch.value;
  const seen = useRef(connected);
  useEffect(() => {
    if (seen.current === connected) return;
    seen.current = connected;
    if (loaded.rows.length === 0) load(nothing, () => undefined);
    else {
      setProblem(undefined);
      setMissed(true);
    }
  }, [connected]);

  const showArrived = useThrottle(() => {
    const { rows, others: otherIds } = arrived.current;
    arrived.current = nothingArrived();
    const known = new Set(loaded.rows.map(({ id }) => id));
    if (rows.size > 0) {
      setLoaded(before => ({ ...before, rows: before.rows.map(row => rows.get(row.id) ?? row) }));
      setChanged(before => new Set([...before, ...rows.keys()]));
    }
    if ([...otherIds].some(id => !known.has(id))) setChangesOfOthers(before => before + 1);
  });
  useSubscription(RowsChangedDocument, watched.length > 0 ? { ids: [...watched] } : null, {
    next({ flowRunStateChanged: { flowRun } }) {
      arrived.current.rows.set(flowRun.id, flowRun);
      showArrived();
    },
    failed: () => setMissed(true),
  });
  useSubscription(OtherRunsChangedDocument, asked === null ? null : { filter: asked.filter }, {
    next({ flowRunStateChanged: { flowRun } }) {
      arrived.current.others.add(flowRun.id);
      showArrived();
    },
    failed: () => setMissed(true),
  });

  return {
    rows: loaded.rows,
    changed,
    changesOfOthers,
    hasMissed,
    isLoading,
    isStopped,
    isSettled: settledFilter === filterKey,
    hasMore: loaded.hasMore,
    problem,
    loadMore: () => {
      if (!isLoading && loaded.hasMore) load(loaded, () => undefined);
    },
    stop() {
      call.current?.abort();
      setLoading(false);
      setStopped(true);
    },
  };
}
