import { z } from 'zod';
import type { BulkOperationItemStatus as ItemStatus } from '../../domain/bulkOperationEnums';
import type { Verdict } from '../../domain/decision';
import type { BulkOperationId } from '../../domain/identifiers';
import type { TransitionCode as Code } from '../../domain/transition';
import type { PositionedItem } from '../../operations/queries/findBulkOperations';
import { builder } from './builder';
import { BulkOperationItemStatus } from './bulkOperationEnums';
import { connectionType } from './connection';
import { type CursorList, encodeCursor } from './cursors';
import { TransitionCode } from './enums';
import { FlowRun } from './flowRun';
import { StateResponseDetails } from './orchestrationResult';
import { State } from './state';

interface Plan {
  status: ItemStatus;
  code: Code | null;
  reason: string | null;
}

const BulkOperationItemPlan = builder.objectRef<Plan>('BulkOperationItemPlan').implement({
  description: 'What a plan predicted about a run.',
  fields: t => ({
    status: t.expose('status', { type: BulkOperationItemStatus, description: 'The predicted result.' }),
    code: t.expose('code', {
      type: TransitionCode,
      nullable: true,
      description: 'The code; null for ACCEPT.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'The reason for people; null for ACCEPT.',
    }),
  }),
});

/** The verdict of an item; null if the rules did not decide its run. */
function verdictOf(item: PositionedItem): Verdict | null {
  const { status, code, reason, delaySeconds } = item;
  switch (status) {
    case 'ACCEPT':
      return { status };
    case 'REJECT':
    case 'ABORT':
      return code && reason !== null ? { status, code, reason } : null;
    case 'WAIT':
      return code && reason !== null && delaySeconds !== null ? { status, code, reason, delaySeconds } : null;
    case 'PENDING':
    case 'SENDING':
    case 'SKIPPED':
      return null;
  }
}

const planOf = ({ plannedStatus, plannedCode, plannedReason }: PositionedItem): Plan | null =>
  plannedStatus && { status: plannedStatus, code: plannedCode, reason: plannedReason };

/** The cursors of an operation's items in commit order, by position. */
export const decidedItemCursors = (operation: BulkOperationId): CursorList<[position: number]> => ({
  name: 'decidedItems',
  within: { operation },
  key: z.tuple([z.int().min(0)]),
});

export const BulkOperationItem = builder.objectRef<PositionedItem>('BulkOperationItem').implement({
  description: 'One run of a bulk operation, with its result.',
  fields: t => ({
    id: t.field({
      type: 'UUID',
      description: 'Unique and stable, for the caches of clients. An opaque text, not a UUID.',
      resolve: ({ operationId, flowRunId }) => `${operationId}:${flowRunId}`,
    }),
    cursor: t.string({
      nullable: true,
      description: 'Where `bulkOperationItems(after:)` goes on from; null until decided.',
      resolve: ({ operationId, position }) =>
        position === null ? null : encodeCursor(decidedItemCursors(operationId), [position]),
    }),
    position: t.exposeInt('position', {
      nullable: true,
      description: '1 to n in commit order, without gaps; null until decided.',
    }),
    flowRunId: t.expose('flowRunId', { type: 'UUID', description: 'The run.' }),
    flowRun: t.field({
      type: FlowRun,
      nullable: true,
      description: 'The run as it is now; null if it was deleted.',
      resolve: ({ flowRunId }, _args, { loaders }) => loaders.flowRun.load(flowRunId),
    }),
    status: t.expose('status', { type: BulkOperationItemStatus, description: 'The result of the run.' }),
    code: t.expose('code', {
      type: TransitionCode,
      nullable: true,
      description: 'The code; null for ACCEPT, PENDING and SENDING.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'The reason for people.' }),
    details: t.field({
      type: StateResponseDetails,
      nullable: true,
      description: 'The decision, as bulkSetFlowRunState returns it; null for PENDING, SENDING and SKIPPED.',
      resolve: verdictOf,
    }),
    planned: t.field({
      type: BulkOperationItemPlan,
      nullable: true,
      description: 'The prediction of the plan.',
      resolve: planOf,
    }),
    previousState: t.field({
      type: State,
      nullable: true,
      description: 'The previous state of the run.',
      resolve: ({ previousStateId }, _args, { loaders }) =>
        previousStateId === null ? null : loaders.flowRunState.load(previousStateId),
    }),
    state: t.field({
      type: State,
      nullable: true,
      description: 'The state that was written; null for none.',
      resolve: ({ stateId }, _args, { loaders }) =>
        stateId === null ? null : loaders.flowRunState.load(stateId),
    }),
    movedAnotherState: t.boolean({
      description:
        'Whether the state that was replaced is another one than planned: another client of the Prefect server moved the run at the same moment.',
      resolve: ({ operationId, flowRunId }, _args, { loaders }) =>
        loaders.movedAnotherState.load({ operationId, flowRunId }),
    }),
    attempts: t.exposeInt('attempts', { description: 'The number of attempts.' }),
    decided: t.expose('decided', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was finally decided.',
    }),
  }),
});

export const BulkOperationItemConnection = connectionType(BulkOperationItem, {
  one: 'item',
  many: 'items',
  order: 'in the order of decision',
  countCost: 100,
});
