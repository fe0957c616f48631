import type { BulkOperation } from '../domain/bulkOperation';

const maxOrdinal = 2_147_483_647;

/** The highest ordinal that may be decided now: before a canary has passed, that of its last run. */
export const highestOrdinal = ({
  definition,
  canaryPassed,
}: {
  definition: Pick<BulkOperation['definition'], 'canary'>;
  canaryPassed: boolean;
}): number => (definition.canary === null || canaryPassed ? maxOrdinal : definition.canary);

/** Splits a range of ordinals into ranges of at most `size`, none of which reaches over the end of the canary. */
export function splitRange(
  first: number,
  last: number,
  size: number,
  canary: number | null,
): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  let start = first;
  while (start <= last) {
    const border = canary !== null && start <= canary ? Math.min(canary, last) : last;
    const end = Math.min(border, start + size - 1);
    found.push({ first: start, last: end });
    start = end + 1;
  }
  return found;
}
