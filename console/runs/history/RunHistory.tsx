import { useMemo } from 'preact/hooks';
import { useQuery } from '../../api/useQuery';
import { type FlowRunFilter, RunHistoryDocument } from '../../generated/graphql';
import { ErrorBox } from '../../ui/ErrorBox';
import type { TimeRange } from '../filter/runFilter';
import { Histogram } from './Histogram';
import { spanOf } from './historyRange';

const bucketCount = 72;

interface RunHistoryProps {
  readonly filter: FlowRunFilter;
  readonly time: TimeRange | null;
  /** Where the span ends if the filter leaves it open. */
  readonly now: Date;
  /** Whether it loads nothing yet. */
  readonly isWaiting: boolean;
  /** What to do if it takes too long. */
  readonly slowAdvice: string;
  onChoose(time: TimeRange): void;
}

/** The matching runs over time. */
export function RunHistory({ filter, time, now, isWaiting, slowAdvice, onChoose }: RunHistoryProps) {
  const filterKey = JSON.stringify(filter);
  const variables = useMemo(() => {
    const { from, to } = spanOf(time, now);
    return {
      filter,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      buckets: bucketCount,
    };
  }, [filterKey, now]);
  const { data, problem, refresh } = useQuery(RunHistoryDocument, isWaiting ? null : variables);
  return (
    <section class="panel run-history" aria-label="Runs over time">
      <ErrorBox problem={problem} slowAdvice={slowAdvice} onRetry={refresh} />
      <Histogram
        buckets={data?.flowRunHistory ?? []}
        onChoose={(after, before) => onChoose({ after, before })}
      />
    </section>
  );
}
