import type { BulkOperationItemStatus as ItemStatus } from '../../domain/bulkOperation';
import type { TransitionCode as Code } from '../../domain/transition';
import { itemCursor } from '../../operations/queries/cursors';
import type { PositionedItem } from '../../operations/queries/findBulkOperations';
import type { Verdict } from '../../transitions/transitionFlowRuns';
import { builder } from './builder';
import { BulkOperationItemStatus } from './bulkOperationEnums';
import { connectionType } from './connection';
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
    status: t.expose('status', { type: BulkOperationItemStatus, description: 'What was decided.' }),
    code: t.expose('code', {
      type: TransitionCode,
      nullable: true,
      description: 'Why, in a word for programs; null for ACCEPT.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, in words for people; null for ACCEPT.',
    }),
  }),
});

/** The verdict that an item holds; null where the rules did not speak about its run. */
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
    case 'SKIPPED':
      return null;
  }
}

const planOf = ({ plannedStatus, plannedCode, plannedReason }: PositionedItem): Plan | null =>
  plannedStatus && { status: plannedStatus, code: plannedCode, reason: plannedReason };

export const BulkOperationItem = builder.objectRef<PositionedItem>('BulkOperationItem').implement({
  description: 'One run of a bulk operation, and what became of it.',
  fields: t => ({
    cursor: t.string({
      nullable: true,
      description: 'Where `bulkOperationItems(after:)` goes on from; null until decided.',
      resolve: ({ operationId, position }) => (position === null ? null : itemCursor(operationId, position)),
    }),
    position: t.exposeInt('position', {
      nullable: true,
      description: '1 to n in commit order, without gaps; null until decided.',
    }),
    flowRunId: t.expose('flowRunId', { type: 'UUID', description: 'The run.' }),
    flowRun: t.field({
      type: FlowRun,
      nullable: true,
      description: 'The run as it is now; null where the run is gone.',
      resolve: ({ flowRunId }, _args, { loaders }) => loaders.flowRun.load(flowRunId),
    }),
    status: t.expose('status', { type: BulkOperationItemStatus, description: 'What became of it.' }),
    code: t.expose('code', {
      type: TransitionCode,
      nullable: true,
      description: 'Why, in a word for programs: all but ACCEPT and PENDING.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, in words for people.' }),
    details: t.field({
      type: StateResponseDetails,
      nullable: true,
      description: 'What was decided, as the 50-run call tells it; null for PENDING and SKIPPED.',
      resolve: verdictOf,
    }),
    planned: t.field({
      type: BulkOperationItemPlan,
      nullable: true,
      description: 'What a plan predicted.',
      resolve: planOf,
    }),
    previousState: t.field({
      type: State,
      nullable: true,
      description: 'The state that the run was in before.',
      resolve: ({ previousStateId }, _args, { loaders }) =>
        previousStateId === null ? null : loaders.flowRunState.load(previousStateId),
    }),
    state: t.field({
      type: State,
      nullable: true,
      description: 'The state that was written; null where none was.',
      resolve: ({ stateId }, _args, { loaders }) =>
        stateId === null ? null : loaders.flowRunState.load(stateId),
    }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    decided: t.expose('decided', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was decided for good.',
    }),
  }),
});

export const BulkOperationItemConnection = connectionType(BulkOperationItem, {
  one: 'item',
  many: 'items',
  order: 'in the order in which they are taken',
  countCost: 100,
});
