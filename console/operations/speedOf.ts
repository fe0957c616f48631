import type { OperationDetailsFragment } from '../generated/graphql';

/**
 * Runs per second of an operation, as its estimated time implies: the two never contradict each other.
 *
 * @returns null while the time is not estimated.
 */
export function speedOf({
  counts: { pending, waiting },
  retryWaits,
  estimatedSecondsLeft,
}: Pick<OperationDetailsFragment, 'counts' | 'retryWaits' | 'estimatedSecondsLeft'>): number | null {
  if (!estimatedSecondsLeft) return null;
  return (pending + (retryWaits ? waiting : 0)) / estimatedSecondsLeft;
}
