import type { BulkOperationId } from '../../domain/identifiers';
import {
  watchBulkOperationItems,
  watchBulkOperationProgress,
} from '../../operations/queries/watchBulkOperation';
import { watchBulkOperations } from '../../operations/queries/watchBulkOperations';
import { builder } from './builder';
import { BulkOperation } from './bulkOperation';
import { BulkOperationItem, decidedItemCursors } from './bulkOperationItem';
import { decodeCursor } from './cursors';
import { BulkOperationFilter, listFilterOf } from './findBulkOperations';

builder.subscriptionFields(t => ({
  bulkOperationProgress: t.field({
    type: BulkOperation,
    description:
      'Sends the operation when its status or counts change, at most four times a second. Ends when the operation ends.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'The operation.' }) },
    subscribe: (_parent, { id }, { services }) => watchBulkOperationProgress(services, id as BulkOperationId),
    resolve: operation => operation,
  }),
  bulkOperationChanged: t.field({
    type: BulkOperation,
    description:
      'Sends the operations that match and have not ended, and then every one that matches, whenever its status or counts change; at most four times a second each.',
    args: {
      filter: t.arg({ type: BulkOperationFilter, description: 'The operations to watch; all by default.' }),
    },
    subscribe: (_parent, { filter }, { services }) => watchBulkOperations(services, listFilterOf(filter)),
    resolve: operation => operation,
  }),
  bulkOperationItems: t.field({
    type: BulkOperationItem,
    description:
      'Sends each decided item once, in commit order, starting after `after`. Ends when the operation ends.',
    args: {
      id: t.arg({ type: 'UUID', required: true, description: 'The operation.' }),
      after: t.arg.string({ description: 'The `cursor` of the last item seen; absent: from the first.' }),
    },
    subscribe(_parent, { id, after }, { services }) {
      const operationId = id as BulkOperationId;
      const [position] =
        typeof after === 'string' ? decodeCursor(decidedItemCursors(operationId), after) : [0];
      return watchBulkOperationItems(services, operationId, position);
    },
    resolve: item => item,
  }),
}));
