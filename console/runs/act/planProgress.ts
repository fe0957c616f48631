import type { PlanFragment } from '../../generated/graphql';
import { formatNumber } from '../../ui/formatNumber';

/** How far a plan is that is being made, in words. Until its runs are selected, their number is not known. */
export function planProgress({ counts: { matched, pending } }: Pick<PlanFragment, 'counts'>): string {
  return matched === 0
    ? 'Planning …'
    : `Planning, ${formatNumber(matched - pending)} of ${formatNumber(matched)}`;
}
