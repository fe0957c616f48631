import type { BulkOperationId } from '../../domain/identifiers';
import { bulkOperationConnection, findBulkOperation } from '../../operations/queries/findBulkOperations';
import { builder } from './builder';
import { BulkOperation, BulkOperationConnection } from './bulkOperation';
import { BulkOperationStatus } from './bulkOperationEnums';
import { pageArguments, pageOf } from './connection';
import { pageOfFirst } from './cost';

const BulkOperationFilter = builder.inputType('BulkOperationFilter', {
  description: 'Which operations; what is absent is ignored.',
  fields: t => ({
    status: t.field({
      type: [BulkOperationStatus],
      description: 'In one of these statuses; an empty list matches no operation.',
    }),
    actor: t.stringList({ description: 'Asked for by one of these; an empty list matches no operation.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Made at or after this instant.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Made at or before this instant.' }),
  }),
});

builder.queryFields(t => ({
  bulkOperation: t.field({
    type: BulkOperation,
    nullable: true,
    description: 'One operation; null where there is none.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'Its id.' }) },
    resolve: (_parent, { id }, { services }) => findBulkOperation(services, id as BulkOperationId),
  }),
  bulkOperations: t.field({
    ...pageOfFirst,
    type: BulkOperationConnection,
    description: 'Newest first.',
    args: {
      filter: t.arg({ type: BulkOperationFilter, description: 'Which operations; absent: all.' }),
      ...pageArguments(20),
    },
    resolve: (_parent, { filter, ...page }, context) => {
      const { status, actor, createdAfter, createdBefore } = filter ?? {};
      const which = { statuses: status, actors: actor, createdAfter, createdBefore };
      return bulkOperationConnection(context.services, which, pageOf(page, context));
    },
  }),
}));
