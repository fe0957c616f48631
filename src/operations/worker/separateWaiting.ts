import type { BulkOperation, BulkOperationItem } from '../../domain/bulkOperation';
import { addSeconds, type Instant } from '../../domain/instant';
import type { ItemChange } from '../../persistence/operations/items';
import type { DecidedItems } from './decideItems';
import { failedVerdict } from './itemVerdicts';

/** The items of a batch, separated by what becomes of them. */
export interface SeparatedItems {
  /** Decided for good, in their order. */
  decided: ItemChange[];
  /** To be tried again, by the seconds until then. */
  waiting: Map<number, ItemChange[]>;
}

/** A batch that is being decided: the part of it that is needed here. */
interface SeparatedBatch {
  operation: Pick<BulkOperation, 'started'> & { definition: Pick<BulkOperation['definition'], 'retryWaits'> };
  batch: { firstOrdinal: number };
  now: Instant;
}

/**
 * Separates the items of a batch into those that are decided for good and those that are tried again later: the runs whose verdict
 * is WAIT, where the operation retries waits and the delay ends in time.
 *
 * @param retryWaitSeconds seconds from the operation's start in which runs are tried again.
 * @param verdicts null where all items are given up.
 */
export function separateWaiting(
  { operation, batch, now }: SeparatedBatch,
  retryWaitSeconds: number,
  items: readonly BulkOperationItem[],
  verdicts: DecidedItems['verdicts'] | null,
): SeparatedItems {
  const latest = addSeconds(operation.started ?? now, retryWaitSeconds);
  const separated: SeparatedItems = { decided: [], waiting: new Map() };
  for (const before of items) {
    const verdict = verdicts?.get(before.flowRunId) ?? failedVerdict;
    const attempts = before.attempts + 1;
    const { delaySeconds } = verdict;
    if (operation.definition.retryWaits && delaySeconds !== null && addSeconds(now, delaySeconds) <= latest) {
      // It is longer only where the clock was set back. The run is then tried again before long.
      const seconds = Math.min(delaySeconds, retryWaitSeconds);
      const together = separated.waiting.get(seconds) ?? [];
      together.push({ before, after: { ...before, ...verdict, attempts } });
      separated.waiting.set(seconds, together);
      continue;
    }
    const indexInBatch = separated.decided.length;
    const place = { decided: now, batch: batch.firstOrdinal, indexInBatch };
    separated.decided.push({ before, after: { ...before, ...verdict, attempts, ...place } });
  }
  return separated;
}
