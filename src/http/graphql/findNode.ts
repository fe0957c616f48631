import { brandWithType } from '@pothos/core';
import type { BulkOperationId, DeploymentId, FlowId, FlowRunId } from '../../domain/identifiers';
import type { Context } from '../context';
import { builder } from './builder';
import { BulkOperation } from './bulkOperation';
import { Deployment } from './deployment';
import { Flow } from './flow';
import { FlowRun } from './flowRun';
import { Node } from './node';

/** The types that `node` finds, in the order in which an id that several of them have is looked up. */
const nodeTypes = [
  { type: FlowRun, load: (id: string, { loaders }: Context) => loaders.flowRun.load(id as FlowRunId) },
  { type: Flow, load: (id: string, { loaders }: Context) => loaders.flow.load(id as FlowId) },
  {
    type: Deployment,
    load: (id: string, { loaders }: Context) => loaders.deployment.load(id as DeploymentId),
  },
  {
    type: BulkOperation,
    load: (id: string, { loaders }: Context) => loaders.bulkOperation.load(id as BulkOperationId),
  },
];

builder.queryField('node', t =>
  t.field({
    extensions: { cost: { own: nodeTypes.length } },
    type: Node,
    nullable: true,
    description: 'Returns the run, flow, deployment or operation with an id; null if none has it.',
    args: { id: t.arg({ type: 'UUID', required: true, description: 'The id.' }) },
    async resolve(_parent, { id }, context) {
      const found = await Promise.all(
        nodeTypes.map(async ({ type, load }) => ({ type, row: await load(id, context) })),
      );
      for (const { type, row } of found) {
        if (row === null) continue;
        brandWithType(row, type);
        return row;
      }
      return null;
    },
  }),
);
