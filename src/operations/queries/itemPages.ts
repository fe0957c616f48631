import type { BulkOperationId } from '../../domain/identifiers';
import { type ExportedItem, findExportedItems, positionOf } from '../../persistence/operations/exportedItems';
import type { ItemListFilter } from '../../persistence/operations/items';
import type { Services } from '../../transitions/services';

export { type ExportedItem, positionOf };

/** Which items of which operation. */
export interface ItemsRequest extends ItemListFilter {
  readonly operationId: BulkOperationId;
}

/**
 * Reads all items of a list, page by page, in the order in which they are taken. Each page is a statement of its own, which is
 * executed when the page is requested: no snapshot stays open while a reader takes its time.
 */
export async function* itemPages(
  { database }: Services,
  request: ItemsRequest,
  pageSize: number,
): AsyncGenerator<readonly ExportedItem[], void> {
  let after: number | null = null;
  for (;;) {
    const page = await findExportedItems(database.primary, { ...request, limit: pageSize, after });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    after = last.ordinal;
  }
}
