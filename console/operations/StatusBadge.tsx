import type {
  BulkOperationItemStatus,
  BulkOperationStatus,
  OperationRowFragment,
} from '../generated/graphql';
import { Icon } from '../ui/Icon';
import { itemLooks, statusLooks } from './operationStatus';
import { undoInWords } from './undoInWords';

interface StatusBadgeProps {
  readonly status: BulkOperationStatus | BulkOperationItemStatus;
  /** Whether a plan predicts it, and nothing is decided. */
  readonly isPredicted?: boolean;
  /** The operation that undoes it. */
  readonly undoneBy?: OperationRowFragment['undoneBy'];
}

/** The status of an operation or of an item: icon, word and colour. */
export function StatusBadge({ status, isPredicted = false, undoneBy }: StatusBadgeProps) {
  const [icon, words, colour] = { ...statusLooks, ...itemLooks }[status];
  return (
    <span class={`state state-${colour}`}>
      <Icon name={icon} />
      {isPredicted ? `Predicted: ${words.toLowerCase()}` : words}
      {undoneBy && ` · ${undoInWords(undoneBy.status)}`}
    </span>
  );
}
