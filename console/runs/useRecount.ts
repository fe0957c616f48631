import { useEffect, useRef, useState } from 'preact/hooks';
import { request } from '../api/request';
import { type FlowRunFilter, RunsCountDocument } from '../generated/graphql';
import { useThrottle } from '../ui/useThrottle';

/** Counting costs the gateway more than a page of rows, so an operation must not cause it often. */
const leastMilliseconds = 5000;

interface Recount {
  readonly filter: FlowRunFilter | undefined;
  /** null: the runs could not be counted. */
  readonly count: number | null;
}

/**
 * Counts the runs that match again while they change.
 *
 * @param changes rises with the changes since the list was loaded; zero forgets the count.
 *
 * @returns the newest count; undefined until there is one, null if the runs could not be counted.
 */
export function useRecount(filter: FlowRunFilter | undefined, changes: number): number | null | undefined {
  const [recount, setRecount] = useState<Recount>();
  const call = useRef<AbortController | null>(null);
  const current = useRef(changes);
  current.current = changes;
  const countSoon = useThrottle(() => {
    if (current.current === 0) return;
    call.current?.abort();
    const abort = new AbortController();
    call.current = abort;
    request(RunsCountDocument, { filter }, abort.signal).then(
      ({ flowRunCount }) => setRecount({ filter, count: flowRunCount }),
      () => {
        if (!abort.signal.aborted) setRecount({ filter, count: null });
      },
    );
  }, leastMilliseconds);
  useEffect(() => {
    if (changes > 0) countSoon();
    else {
      call.current?.abort();
      setRecount(undefined);
    }
  }, [changes]);
  useEffect(() => () => call.current?.abort(), [filter]);
  return recount?.filter === filter ? recount?.count : undefined;
}
