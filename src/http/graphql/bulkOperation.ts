import { z } from 'zod';
import type {
  BulkOperation as DomainBulkOperation,
  BulkOperationCommand as DomainCommand,
  BulkOperationCounts as DomainCounts,
  BulkOperationOutcome as DomainOutcome,
} from '../../domain/bulkOperation';
import type { BulkOperationId, FlowRunId } from '../../domain/identifiers';
import { defaultStateName, type StateProposal } from '../../domain/state';
import { estimateSecondsLeft } from '../../operations/queries/estimateSecondsLeft';
import { builder, needsRead } from './builder';
import {
  BulkOperationCommandKind,
  BulkOperationItemStatus,
  BulkOperationPause,
  BulkOperationStatus,
} from './bulkOperationEnums';
import { BulkOperationItem, BulkOperationItemConnection } from './bulkOperationItem';
import { connectionType, pageArguments, resolvePage } from './connection';
import type { CursorList } from './cursors';
import { StateType, TransitionCode } from './enums';
import { itemsAtMost, pageByStatement } from './fieldCosts';
import { FlowRun } from './flowRun';
import { Node } from './node';
import { State, StateDetails } from './state';

const BulkOperationCommand = builder.objectRef<DomainCommand>('BulkOperationCommand').implement({
  description: 'A command that was given to a bulk operation.',
  fields: t => ({
    kind: t.expose('kind', { type: BulkOperationCommandKind, description: 'What it does.' }),
    actor: t.exposeString('actor', {
      description: "Who gave it: the key's name, the token's subject, or `local`.",
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was given.' }),
    runsPerSecond: t.exposeInt('runsPerSecond', {
      nullable: true,
      description: 'The new rate of SET_RATE; null for no limit, and for all other commands.',
    }),
  }),
});

const ProposedState = builder.objectRef<StateProposal>('ProposedState').implement({
  description: 'The state that an operation proposes.',
  fields: t => ({
    type: t.expose('type', { type: StateType, description: 'The type of the state.' }),
    name: t.string({
      description: 'The name of the state.',
      resolve: ({ type, name }) => name ?? defaultStateName(type),
    }),
    message: t.string({
      nullable: true,
      description: 'A message for people.',
      resolve: ({ message }) => message ?? null,
    }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The result, or a reference to it.',
      resolve: ({ data }) => data ?? null,
    }),
    stateDetails: t.field({
      type: StateDetails,
      description: 'The details of the state.',
      resolve: ({ stateDetails }) => stateDetails ?? {},
    }),
  }),
});

const BulkOperationCounts = builder.objectRef<DomainCounts>('BulkOperationCounts').implement({
  description: 'How many runs of an operation are where; all but `matched` add up to it.',
  fields: t => ({
    matched: t.exposeInt('matched', { description: 'All runs of the operation.' }),
    pending: t.exposeInt('pending', { description: 'Runs that are not decided yet.' }),
    accepted: t.exposeInt('accepted', { description: 'Moved.' }),
    rejected: t.exposeInt('rejected', {
      description: 'Rejected runs, including those with another state written instead.',
    }),
    aborted: t.exposeInt('aborted', { description: 'Aborted.' }),
    waiting: t.exposeInt('waiting', {
      description: 'Runs with the verdict WAIT, whether or not they are retried.',
    }),
    skipped: t.exposeInt('skipped', { description: 'Skipped runs.' }),
  }),
});

const BulkOperationOutcome = builder.objectRef<DomainOutcome>('BulkOperationOutcome').implement({
  description: 'How many runs ended in one way. `sample`: up to 5 runs.',
  fields: t => ({
    status: t.expose('status', { type: BulkOperationItemStatus, description: 'The result of the runs.' }),
    code: t.expose('code', {
      type: TransitionCode,
      nullable: true,
      description: 'The code; null for ACCEPT.',
    }),
    count: t.exposeInt('count', { description: 'The number of runs.' }),
    sample: t.field({
      ...itemsAtMost(5),
      type: [FlowRun],
      description: 'Up to 5 of the runs, without deleted ones.',
      resolve: async ({ sample }, _args, { loaders }) => {
        const runs = await Promise.all(sample.map(id => loaders.flowRun.load(id)));
        return runs.filter(run => run !== null);
      },
    }),
  }),
});

const itemCursors = (operation: BulkOperationId): CursorList<[ordinal: number]> => ({
  name: 'items',
  within: { operation },
  key: z.tuple([z.int().min(0)]),
});

export const BulkOperation = builder.objectRef<DomainBulkOperation>('BulkOperation');
BulkOperation.implement({
  interfaces: [Node],
  description:
    'An operation on any number of runs. It survives restarts, and records the decision on each run.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'The id, a UUID v7.' }),
    status: t.expose('status', { type: BulkOperationStatus, description: 'The status.' }),
    pausedFor: t.expose('pausedFor', {
      type: BulkOperationPause,
      nullable: true,
      description: 'Why it is paused; null if it is not.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'The error of a FAILED operation.',
    }),
    state: t.field({
      type: ProposedState,
      nullable: true,
      description: 'The state that is proposed to each run; null for an undo.',
      resolve: ({ definition }) => definition.state,
    }),
    flowRuns: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The filter as it was sent; null for a retry or an undo.',
      resolve: ({ definition }) => definition.flowRuns,
    }),
    all: t.boolean({
      description: 'Whether a filter without a condition was confirmed.',
      resolve: ({ definition }) => definition.all,
    }),
    force: t.boolean({
      description: 'Whether the minimal policy applies.',
      resolve: ({ definition }) => definition.force,
    }),
    includeSubflows: t.boolean({
      description: 'Whether unfinished subflows below the matching runs are moved too.',
      resolve: ({ definition }) => definition.includeSubflows,
    }),
    canary: t.int({
      nullable: true,
      description: 'The number of runs after which it pauses for a review.',
      resolve: ({ definition }) => definition.canary,
    }),
    pauseAboveFailureRatio: t.float({
      nullable: true,
      description: 'The share of failures among the last 100 decided runs, 0 to 1, above which it pauses.',
      resolve: ({ definition }) => definition.pauseAboveFailureRatio,
    }),
    retryWaits: t.boolean({
      description: 'Whether runs with the verdict WAIT are retried.',
      resolve: ({ definition }) => definition.retryWaits,
    }),
    runsPerSecond: t.exposeInt('runsPerSecond', {
      nullable: true,
      description: 'The maximum number of runs per second; null for no limit.',
    }),
    expectedCount: t.int({
      nullable: true,
      description: 'The expected number of matching runs.',
      resolve: ({ definition }) => definition.expectedCount,
    }),
    maxAffected: t.int({
      nullable: true,
      description: 'The maximum number of affected runs.',
      resolve: ({ definition }) => definition.maxAffected,
    }),
    idempotencyKey: t.exposeString('idempotencyKey', {
      nullable: true,
      description: 'The idempotency key.',
    }),
    reason: t.string({
      description: 'The reason for the audit trail.',
      resolve: ({ definition }) => definition.reason,
    }),
    actor: t.exposeString('actor', {
      description: "The caller: the key's name, the token's subject, or `local`.",
    }),
    retryOf: t.field({
      type: BulkOperation,
      nullable: true,
      description: 'The operation whose items it retries.',
      resolve: ({ retryOf }, _args, { loaders }) =>
        retryOf === null ? null : loaders.bulkOperation.load(retryOf),
    }),
    undoOf: t.field({
      type: BulkOperation,
      nullable: true,
      description: 'The operation that it undoes.',
      resolve: ({ undoOf }, _args, { loaders }) =>
        undoOf === null ? null : loaders.bulkOperation.load(undoOf),
    }),
    undoneBy: t.field({
      type: BulkOperation,
      nullable: true,
      description: 'The operation that undoes it.',
      resolve: ({ id }, _args, { loaders }) => loaders.undoOfBulkOperation.load(id),
    }),
    commands: t.field({
      ...itemsAtMost(50),
      type: [BulkOperationCommand],
      description: 'Every command that was given to it, oldest first.',
      resolve: ({ id }, _args, { loaders }) => loaders.bulkOperationCommands.load(id),
    }),
    counts: t.field({
      type: BulkOperationCounts,
      description: 'The numbers of its runs by status.',
      resolve: operation => operation,
    }),
    outcomes: t.field({
      ...itemsAtMost(50),
      type: [BulkOperationOutcome],
      description: 'Decided so far, by status and code; of a plan, what was decided at `planned`.',
      resolve: ({ outcomes }) => [...outcomes],
    }),
    items: t.field({
      extensions: { ...needsRead.extensions, ...pageByStatement.extensions },
      type: BulkOperationItemConnection,
      description: 'Its runs in the order of decision, with their results.',
      args: {
        status: t.arg({
          type: [BulkOperationItemStatus],
          description: 'Only items with one of these statuses; all by default.',
        }),
        code: t.arg({
          type: [TransitionCode],
          description: 'Only items with one of these codes; all by default.',
        }),
        flowRunId: t.arg({ type: 'UUID', description: 'Only the item of this run; all by default.' }),
        ...pageArguments(50),
      },
      resolve({ id }, { status, code, flowRunId, ...page }, context) {
        const list = {
          operationId: id,
          statuses: status ?? null,
          codes: code ?? null,
          flowRunId: (flowRunId ?? null) as FlowRunId | null,
        };
        const { loaders } = context;
        return resolvePage(page, context, {
          cursors: itemCursors(id),
          async find(key, limit) {
            const after = key?.[0] ?? null;
            const items = await loaders.bulkOperationItems.load({ ...list, limit, after });
            return items.map(item => ({ node: item, key: [item.ordinal] }));
          },
          count: () => loaders.bulkOperationItemCount.load(list),
        });
      },
    }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was created.' }),
    planned: t.expose('planned', {
      type: 'DateTime',
      nullable: true,
      description: 'When its plan was ready.',
    }),
    expires: t.expose('expires', {
      type: 'DateTime',
      nullable: true,
      description: 'When the plan expires unless it is started.',
    }),
    started: t.expose('started', {
      type: 'DateTime',
      nullable: true,
      description: 'When a worker started it.',
    }),
    ended: t.expose('ended', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    rowsReadAt: t.expose('rowsReadAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the oldest run that the plan used was read from the Prefect server; null where the gateway stores runs itself.',
    }),
    estimatedSecondsLeft: t.float({
      nullable: true,
      description:
        'Estimated seconds until it ends, at its speed of the last 30 seconds; null if it is not running, or decided no run in them.',
      resolve: (operation, _args, { services, loaders }) =>
        estimateSecondsLeft(services, operation, request => loaders.recentBatchOfBulkOperation.load(request)),
    }),
  }),
});

builder.objectField(BulkOperationItem, 'operation', t =>
  t.field({
    type: BulkOperation,
    description: 'The operation.',
    async resolve({ operationId }, _args, { loaders }) {
      const operation = await loaders.bulkOperation.load(operationId);
      if (operation === null) throw new Error(`operation ${operationId} of an item is gone`);
      return operation;
    },
  }),
);

export const BulkOperationConnection = connectionType(BulkOperation, {
  one: 'operation',
  many: 'operations',
  order: 'newest first',
  countCost: 100,
});

builder.objectFields(State, t => ({
  actor: t.exposeString('actor', {
    nullable: true,
    description:
      "Who wrote it: the key's name, the token's subject, `local`, or `switchyard` for a background service; null for states older than this field.",
  }),
  bulkOperation: t.field({
    ...needsRead,
    type: BulkOperation,
    nullable: true,
    description: 'The bulk operation that wrote it; null if none did, or if it was deleted.',
    resolve: ({ bulkOperationId }, _arguments, { loaders }) =>
      bulkOperationId && loaders.bulkOperation.load(bulkOperationId),
  }),
}));
