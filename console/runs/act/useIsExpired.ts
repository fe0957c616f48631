import { useEffect, useState } from 'preact/hooks';
import type { PlanFragment } from '../../generated/graphql';

/** Whether the time of a plan is over; it turns true by itself. */
export function useIsExpired({ status, expires }: Pick<PlanFragment, 'status' | 'expires'>): boolean {
  const [, setRound] = useState(0);
  const milliseconds = expires ? Date.parse(expires) - Date.now() : Number.POSITIVE_INFINITY;
  useEffect(() => {
    if (milliseconds <= 0 || milliseconds > 2 ** 31) return undefined;
    const timer = setTimeout(() => setRound(round => round + 1), milliseconds + 100);
    return () => clearTimeout(timer);
  }, [expires]);
  return status === 'EXPIRED' || milliseconds <= 0;
}
