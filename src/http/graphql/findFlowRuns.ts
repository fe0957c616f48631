import { z } from 'zod';
import type { FlowRunSort as DomainFlowRunSort } from '../../domain/flowRun';
import type { FlowRunFilter as DomainFlowRunFilter } from '../../domain/flowRunFilter';
import type { DeploymentId, FlowId, FlowRunId } from '../../domain/identifiers';
import { countFlowRunStates, countFlowRuns } from '../../flowRuns/countFlowRuns';
import { findFlowRunPage, isSortKey, type SortKeyValue } from '../../flowRuns/findFlowRuns';
import { builder } from './builder';
import { connectionType, pageArguments, resolvePage } from './connection';
import { type CursorList, digestOf, idInKey } from './cursors';
import { Deployment } from './deployment';
import { FlowRunSort } from './enums';
import { countCost, counts, itemsAtMost, pageOfRuns } from './fieldCosts';
import { Flow } from './flow';
import { FlowRun } from './flowRun';
import { FlowRunFilter } from './flowRunFilter';
import { FlowRunStateCount } from './flowRunStateCount';

/** Pages of runs. */
export const FlowRunConnection = connectionType(FlowRun, { one: 'run', many: 'runs', countCost });

/** The cursors of a list of runs. */
export const flowRunCursors = (
  sort: DomainFlowRunSort,
  filter: DomainFlowRunFilter | null,
): CursorList<[SortKeyValue, FlowRunId]> => ({
  name: 'flowRuns',
  within: { sort, filter: digestOf(filter) },
  key: z.tuple([z.custom<SortKeyValue>(value => isSortKey(sort, value)), idInKey<FlowRunId>()]),
});

builder.queryFields(t => ({
  flowRun: t.field({
    type: FlowRun,
    nullable: true,
    description: 'Returns one run; null if it does not exist.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'The id.' }) },
    resolve: (_parent, { id }, { loaders }) => loaders.flowRun.load(id as FlowRunId),
  }),
  flowRuns: t.field({
    ...pageOfRuns,
    type: FlowRunConnection,
    description:
      'Returns runs. Cursors stay valid while runs are created and deleted; with another sort or filter they are rejected.',
    args: {
      filter: t.arg({ type: FlowRunFilter, description: 'The runs to include; all by default.' }),
      sort: t.arg({
        type: FlowRunSort,
        required: true,
        defaultValue: 'ID_DESC',
        description: 'The sort order.',
      }),
      ...pageArguments(50),
    },
    resolve: (_parent, { filter: sent, sort, ...page }, context) => {
      const filter = sent ?? null;
      return resolvePage(page, context, {
        cursors: flowRunCursors(sort, filter),
        async find(key, limit) {
          const after = key && { key: key[0], id: key[1] };
          const { spend } = context.budget;
          const rows = await findFlowRunPage(context.services, { filter, sort, limit, after, spend });
          return rows.map(({ flowRun, cursorKey }) => ({
            node: flowRun,
            key: [cursorKey.key, cursorKey.id],
          }));
        },
        count: () => countFlowRuns(context.services, filter),
      });
    },
  }),
  flowRunCount: t.int({
    ...counts,
    description: 'Returns the number of matching runs.',
    args: { filter: t.arg({ type: FlowRunFilter, description: 'The runs to include; all by default.' }) },
    resolve: (_parent, { filter }, { services }) => countFlowRuns(services, filter ?? null),
  }),
  flowRunStateCounts: t.field({
    extensions: { cost: { ...counts.extensions.cost, ...itemsAtMost(10).extensions.cost } },
    type: [FlowRunStateCount],
    description:
      'Returns the number of matching runs by the type of their state, without types that have no runs.',
    args: { filter: t.arg({ type: FlowRunFilter, description: 'The runs to include; all by default.' }) },
    resolve: (_parent, { filter }, { services }) => countFlowRunStates(services, filter ?? null),
  }),
  flow: t.field({
    type: Flow,
    nullable: true,
    description: 'Returns one flow; null if it does not exist.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'The id.' }) },
    resolve: (_parent, { id }, { loaders }) => loaders.flow.load(id as FlowId),
  }),
  deployment: t.field({
    type: Deployment,
    nullable: true,
    description: 'Returns one deployment; null if it does not exist.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'The id.' }) },
    resolve: (_parent, { id }, { loaders }) => loaders.deployment.load(id as DeploymentId),
  }),
}));
