import { useEffect, useRef, useState } from 'preact/hooks';
import type { TypedDocumentString } from '../generated/graphql';
import { epoch } from './connection';
import { type Problem, problemOf } from './problem';
import { request } from './request';

/** A query and what is known of its result. */
export interface QueryState<Result> {
  /** The newest result, also while a newer one is loading. */
  readonly data: Result | undefined;
  /** Whether the data belongs to other variables than the current ones. */
  readonly isStale: boolean;
  readonly isLoading: boolean;
  readonly problem: Problem | undefined;
  /** Loads it again. */
  refresh(): void;
}

interface Stored<Result> {
  readonly key: string;
  readonly data?: Result;
  readonly problem?: Problem;
}

/**
 * Loads a query when its variables change, when the gateway is back, and on demand. A call that is overtaken is aborted.
 *
 * @param variables null loads nothing.
 */
export function useQuery<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables | null,
): QueryState<Result> {
  const key = JSON.stringify(variables);
  const [stored, store] = useState<Stored<Result>>({ key: '' });
  const [isLoading, setLoading] = useState(variables !== null);
  const [round, setRound] = useState(0);
  const current = useRef(variables);
  current.current = variables;
  const connected = epoch.value;

  useEffect(() => {
    const { current: sent } = current;
    if (sent === null) return undefined;
    const abort = new AbortController();
    setLoading(true);
    request(document, sent, abort.signal).then(
      data => {
        store({ key, data });
        setLoading(false);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        store(({ data }) => ({ key, data, problem: problemOf(error) }));
        setLoading(false);
      },
    );
    return () => abort.abort();
  }, [document, key, round, connected]);

  return {
    data: stored.data,
    problem: stored.problem,
    isLoading,
    isStale: stored.key !== key,
    refresh: () => setRound(count => count + 1),
  };
}
