import type { FlowRunOwner, FlowRunSort as Sort } from '../../domain/flowRun';
import type { FlowRunFilter as Filter } from '../../domain/flowRunFilter';
import type { Context } from '../context';
import { builder, needsRead } from './builder';
import { BulkOperationConnection } from './bulkOperation';
import { pageArguments, resolvePage } from './connection';
import { Deployment } from './deployment';
import { FlowRunSort } from './enums';
import { pageByStatement, pageOfOwnedRuns } from './fieldCosts';
import { bulkOperationCursors } from './findBulkOperations';
import { FlowRunConnection, flowRunCursors } from './findFlowRuns';
import { Flow } from './flow';
import { FlowRun } from './flowRun';
import { FlowRunFilter } from './flowRunFilter';

/** A page of the runs of a flow, of a deployment, or of the subflows of a run. */
function resolveRunsOf(
  owner: FlowRunOwner,
  page: { first: number; after?: string | null },
  context: Context,
  filter: Filter | null,
  sort: Sort,
) {
  const { loaders } = context;
  const cursors = flowRunCursors(sort, filter);
  return resolvePage(page, context, {
    cursors: { ...cursors, within: { ...cursors.within, [owner.kind]: owner.id } },
    async find(key, limit) {
      const after = key && { key: key[0], id: key[1] };
      const rows = await loaders.ownedFlowRuns.load({ owner, filter, sort, limit, after });
      return rows.map(({ flowRun, cursorKey }) => ({ node: flowRun, key: [cursorKey.key, cursorKey.id] }));
    },
    count: () => loaders.ownedFlowRunCount.load({ owner, filter }),
  });
}

const runsOfOwner = {
  extensions: { ...needsRead.extensions, ...pageOfOwnedRuns.extensions },
  type: FlowRunConnection,
} as const;

const runListArguments = () => ({
  ...builder.args(t => ({
    filter: t.field({ type: FlowRunFilter, description: 'The runs to include; all by default.' }),
    sort: t.field({
      type: FlowRunSort,
      required: true,
      defaultValue: 'ID_DESC',
      description: 'The sort order.',
    }),
  })),
  ...pageArguments(50),
});

builder.objectField(Flow, 'flowRuns', t =>
  t.field({
    ...runsOfOwner,
    description: 'The runs of the flow.',
    args: runListArguments(),
    resolve: ({ id }, { filter, sort, ...page }, context) =>
      resolveRunsOf({ kind: 'flow', id }, page, context, filter ?? null, sort),
  }),
);

builder.objectField(Deployment, 'flowRuns', t =>
  t.field({
    ...runsOfOwner,
    description: 'The runs of the deployment.',
    args: runListArguments(),
    resolve: ({ id }, { filter, sort, ...page }, context) =>
      resolveRunsOf({ kind: 'deployment', id }, page, context, filter ?? null, sort),
  }),
);

builder.objectFields(FlowRun, t => ({
  subflows: t.field({
    ...pageByStatement,
    type: FlowRunConnection,
    description: 'The runs that this run started, newest first.',
    args: pageArguments(50),
    resolve: ({ id }, page, context) => resolveRunsOf({ kind: 'parent', id }, page, context, null, 'ID_DESC'),
  }),
  bulkOperations: t.field({
    ...pageByStatement,
    type: BulkOperationConnection,
    description: 'The operations that have this run as an item, newest first.',
    args: pageArguments(20),
    resolve: ({ id: flowRunId }, page, context) =>
      resolvePage(page, context, {
        cursors: { ...bulkOperationCursors, within: { run: flowRunId } },
        async find(key, limit) {
          const request = { flowRunId, limit, after: key?.[0] ?? null };
          const operations = await context.loaders.bulkOperationsOfRun.load(request);
          return operations.map(operation => ({ node: operation, key: [operation.id] }));
        },
        count: () => context.loaders.bulkOperationCountOfRun.load(flowRunId),
      }),
  }),
}));
