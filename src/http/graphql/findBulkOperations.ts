import { z } from 'zod';
import type { BulkOperationId } from '../../domain/identifiers';
import {
  countBulkOperations,
  findBulkOperation,
  findBulkOperations,
  type OperationListFilter,
} from '../../operations/queries/findBulkOperations';
import { builder } from './builder';
import { BulkOperation, BulkOperationConnection } from './bulkOperation';
import { BulkOperationStatus } from './bulkOperationEnums';
import { pageArguments, resolvePage } from './connection';
import { type CursorList, idInKey } from './cursors';
import { pageOfFirst } from './fieldCosts';

export const BulkOperationFilter = builder.inputType('BulkOperationFilter', {
  description: 'A filter of operations. Absent conditions are ignored.',
  fields: t => ({
    status: t.field({
      type: [BulkOperationStatus],
      description: 'Has one of these statuses; an empty list matches no operation.',
    }),
    actor: t.stringList({
      description: 'Was created by one of these callers; an empty list matches no operation.',
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'Was created at or after this instant.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Was created at or before this instant.' }),
    flowRunId: t.field({ type: 'UUID', description: 'Has this run as an item.' }),
  }),
});

/** The conditions that a filter sets. */
export const listFilterOf = (
  filter: typeof BulkOperationFilter.$inferInput | null | undefined,
): OperationListFilter => {
  const { status, actor, createdAfter, createdBefore, flowRunId } = filter ?? {};
  return { statuses: status, actors: actor, createdAfter, createdBefore, flowRunId };
};

/** The cursors of a list of operations. */
export const bulkOperationCursors: CursorList<[BulkOperationId]> = {
  name: 'bulkOperations',
  key: z.tuple([idInKey<BulkOperationId>()]),
};

builder.queryFields(t => ({
  bulkOperation: t.field({
    type: BulkOperation,
    nullable: true,
    description: 'Returns one operation; null if it does not exist.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'The id.' }) },
    resolve: (_parent, { id }, { services }) => findBulkOperation(services, id as BulkOperationId),
  }),
  bulkOperations: t.field({
    ...pageOfFirst,
    type: BulkOperationConnection,
    description: 'Returns operations, newest first.',
    args: {
      filter: t.arg({ type: BulkOperationFilter, description: 'The operations to return; all by default.' }),
      ...pageArguments(20),
    },
    resolve: (_parent, { filter, ...page }, context) => {
      const { services } = context;
      const which = listFilterOf(filter);
      return resolvePage(page, context, {
        cursors: bulkOperationCursors,
        async find(after, limit) {
          const operations = await findBulkOperations(services, which, limit, after?.[0] ?? null);
          return operations.map(operation => ({ node: operation, key: [operation.id] }));
        },
        count: () => countBulkOperations(services, which),
      });
    },
  }),
}));
