import type { BulkOperationItemStatus, BulkOperationStatus } from '../generated/graphql';
import { Icon } from '../ui/Icon';
import { itemLooks, statusLooks } from './operationStatus';

/** The status of an operation or of an item: icon, word and colour. */
export function StatusBadge({ status }: { readonly status: BulkOperationStatus | BulkOperationItemStatus }) {
  const [icon, words, colour] = { ...statusLooks, ...itemLooks }[status];
  return (
    <span class={`state state-${colour}`}>
      <Icon name={icon} />
      {words}
    </span>
  );
}
