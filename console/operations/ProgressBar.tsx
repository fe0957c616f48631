import type { OperationRowFragment } from '../generated/graphql';
import { countOf, formatNumber } from '../ui/formatNumber';
import { isPrediction } from './operationStatus';

interface ProgressBarProps {
  readonly operation: Pick<OperationRowFragment, 'counts' | 'reason' | 'status' | 'started'>;
}

/** How many runs of an operation are decided, or predicted by a plan, as a bar and in words. */
export function ProgressBar({ operation }: ProgressBarProps) {
  const { counts, reason } = operation;
  const { matched, pending, accepted } = counts;
  const isPlan = isPrediction(operation);
  const decided = matched - pending;
  const others = decided - accepted;
  const words = `${formatNumber(decided)} of ${countOf(matched, 'run')} ${isPlan ? 'predicted' : 'decided'}`;
  const share = (count: number): string => `${matched === 0 ? 0 : (100 * count) / matched}`;
  return (
    <div class="progress">
      <svg
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        role="progressbar"
        aria-label={`Progress of ${reason}`}
        aria-valuemin={0}
        aria-valuemax={matched}
        aria-valuenow={decided}
        aria-valuetext={words}
      >
        <rect class="progress-all" width="100" height="6" />
        <rect class="progress-accepted" width={share(accepted)} height="6" />
        <rect class="progress-others" x={share(accepted)} width={share(others)} height="6" />
      </svg>
      <span class="progress-words">
        {words}
        {others > 0 && `, ${formatNumber(others)} not ${isPlan ? 'to be ' : ''}accepted`}
      </span>
    </div>
  );
}
