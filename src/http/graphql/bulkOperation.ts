import type {
  BulkOperation as DomainBulkOperation,
  BulkOperationCounts as DomainCounts,
  BulkOperationOutcome as DomainOutcome,
} from '../../domain/bulkOperation';
import { defaultStateName, type StateProposal } from '../../domain/state';
import {
  bulkOperationItemConnection,
  estimateSecondsLeft,
  type ItemFinder,
} from '../../operations/queries/findBulkOperations';
import type { Context } from '../context';
import { builder, needsRead } from './builder';
import { BulkOperationItemStatus, BulkOperationPause, BulkOperationStatus } from './bulkOperationEnums';
import { BulkOperationItemConnection } from './bulkOperationItem';
import { connectionType, pageArguments, pageOf } from './connection';
import { itemsAtMost, pageByStatement } from './cost';
import { StateType, TransitionCode } from './enums';
import { FlowRun } from './flowRun';
import { StateDetails } from './state';

const ProposedState = builder.objectRef<StateProposal>('ProposedState').implement({
  description: 'What an operation asks for: a state that no run is in yet.',
  fields: t => ({
    type: t.expose('type', { type: StateType, description: 'What the runs are to be in.' }),
    name: t.string({
      description: 'What people call it.',
      resolve: ({ type, name }) => name ?? defaultStateName(type),
    }),
    message: t.string({
      nullable: true,
      description: 'Why, in words.',
      resolve: ({ message }) => message ?? null,
    }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The result, or where it is kept.',
      resolve: ({ data }) => data ?? null,
    }),
    stateDetails: t.field({
      type: StateDetails,
      description: 'What it says beyond its type.',
      resolve: ({ stateDetails }) => stateDetails ?? {},
    }),
  }),
});

const BulkOperationCounts = builder.objectRef<DomainCounts>('BulkOperationCounts').implement({
  description: 'How many runs of an operation are where; all but `matched` add up to it.',
  fields: t => ({
    matched: t.exposeInt('matched', { description: 'Its runs.' }),
    pending: t.exposeInt('pending', { description: 'Not decided yet.' }),
    accepted: t.exposeInt('accepted', { description: 'Moved.' }),
    rejected: t.exposeInt('rejected', {
      description: 'Rejected, those that another state was written to included.',
    }),
    aborted: t.exposeInt('aborted', { description: 'Aborted.' }),
    waiting: t.exposeInt('waiting', { description: 'Told to wait, whether they are tried again or not.' }),
    skipped: t.exposeInt('skipped', { description: 'Left alone.' }),
  }),
});

const BulkOperationOutcome = builder.objectRef<DomainOutcome>('BulkOperationOutcome').implement({
  description: 'How many runs ended in one way. `sample`: up to 5 runs.',
  fields: t => ({
    status: t.expose('status', { type: BulkOperationItemStatus, description: 'What became of them.' }),
    code: t.expose('code', { type: TransitionCode, nullable: true, description: 'Why; null for ACCEPT.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
    sample: t.field({
      ...itemsAtMost(5),
      type: [FlowRun],
      description: 'Up to 5 of the runs; those that are gone are left out.',
      resolve: async ({ sample }, _args, { loaders }) => {
        const runs = await Promise.all(sample.map(id => loaders.flowRun.load(id)));
        return runs.filter(run => run !== null);
      },
    }),
  }),
});

const itemFinder = ({ loaders }: Context): ItemFinder => ({
  findPage: request => loaders.bulkOperationItems.load(request),
  count: request => loaders.bulkOperationItemCount.load(request),
});

export const BulkOperation = builder.objectRef<DomainBulkOperation>('BulkOperation');
BulkOperation.implement({
  description:
    'An operation over any number of runs. It survives every restart, and tells run by run what was decided.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id, a UUID v7.' }),
    status: t.expose('status', { type: BulkOperationStatus, description: 'Where it is in its life.' }),
    pausedFor: t.expose('pausedFor', {
      type: BulkOperationPause,
      nullable: true,
      description: 'Why it is paused; null where it is not.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Set where the operation itself broke off (FAILED).',
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
      description: 'Whether a filter without a condition was meant.',
      resolve: ({ definition }) => definition.all,
    }),
    force: t.boolean({
      description: 'Whether the minimal policy decides.',
      resolve: ({ definition }) => definition.force,
    }),
    includeSubflows: t.boolean({
      description: 'Whether unfinished subflows below the matching runs are moved too.',
      resolve: ({ definition }) => definition.includeSubflows,
    }),
    canary: t.int({
      nullable: true,
      description: 'After how many runs it pauses for a look.',
      resolve: ({ definition }) => definition.canary,
    }),
    pauseAboveFailureRatio: t.float({
      nullable: true,
      description: 'The share of the last 100 decided, 0 to 1, above which failures pause it.',
      resolve: ({ definition }) => definition.pauseAboveFailureRatio,
    }),
    retryWaits: t.boolean({
      description: 'Whether runs that are told to wait are tried again.',
      resolve: ({ definition }) => definition.retryWaits,
    }),
    runsPerSecond: t.exposeInt('runsPerSecond', {
      nullable: true,
      description: 'How many runs are moved in a second at most; null: as many as possible.',
    }),
    expectedCount: t.int({
      nullable: true,
      description: 'How many runs were expected to match.',
      resolve: ({ definition }) => definition.expectedCount,
    }),
    maxAffected: t.int({
      nullable: true,
      description: 'How many runs may be affected at most.',
      resolve: ({ definition }) => definition.maxAffected,
    }),
    idempotencyKey: t.exposeString('idempotencyKey', {
      nullable: true,
      description: 'The key that keeps it from being made twice.',
    }),
    reason: t.string({
      description: 'Why, for the audit trail.',
      resolve: ({ definition }) => definition.reason,
    }),
    actor: t.exposeString('actor', {
      description: "Who asked: the key's name, the token's subject, or `local`.",
    }),
    retryOf: t.field({
      type: BulkOperation,
      nullable: true,
      description: 'The operation whose items it tries again.',
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
    counts: t.field({
      type: BulkOperationCounts,
      description: 'How many of its runs are where.',
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
      description: 'Its runs, in the order in which they are taken, and what became of each.',
      args: {
        status: t.arg({
          type: [BulkOperationItemStatus],
          description: 'Only those of one of these statuses; absent: all.',
        }),
        code: t.arg({
          type: [TransitionCode],
          description: 'Only those with one of these codes; absent: all.',
        }),
        ...pageArguments(50),
      },
      resolve: (operation, { status, code, ...page }, context) =>
        bulkOperationItemConnection(itemFinder(context), operation, {
          statuses: status ?? null,
          codes: code ?? null,
          ...pageOf(page, context),
        }),
    }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was made.' }),
    planned: t.expose('planned', {
      type: 'DateTime',
      nullable: true,
      description: 'When its plan was ready.',
    }),
    expires: t.expose('expires', {
      type: 'DateTime',
      nullable: true,
      description: 'When an unstarted plan ends.',
    }),
    started: t.expose('started', {
      type: 'DateTime',
      nullable: true,
      description: 'When a worker began it.',
    }),
    ended: t.expose('ended', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    estimatedSecondsLeft: t.float({
      nullable: true,
      description: 'Seconds to the end at the present speed; null where it is not running.',
      resolve: (operation, _args, { services, loaders }) =>
        estimateSecondsLeft(services, operation, request => loaders.bulkOperationBatchAt.load(request)),
    }),
  }),
});

export const BulkOperationConnection = connectionType(BulkOperation, {
  one: 'operation',
  many: 'operations',
  order: 'newest first',
  countCost: 100,
});
