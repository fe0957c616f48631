import type { GraphQLResolveInfo } from 'graphql';
import { atLeastOne, nameText, ratio, reasonText } from '../../domain/bounds';
import type { BulkOperationId } from '../../domain/identifiers';
import type {
  BulkOperationRefused as BulkOperationRefusedResult,
  BulkOperationResult,
} from '../../operations/commands/bulkOperationResult';
import { cancelBulkOperation } from '../../operations/commands/cancelBulkOperation';
import type { BulkOperationRequest } from '../../operations/commands/createFromFilter';
import { pauseBulkOperation } from '../../operations/commands/pauseBulkOperation';
import { planBulkOperation } from '../../operations/commands/planBulkOperation';
import type { RepeatRequest } from '../../operations/commands/repeatRequest';
import { resumeBulkOperation } from '../../operations/commands/resumeBulkOperation';
import { retryBulkOperation } from '../../operations/commands/retryBulkOperation';
import { setBulkOperationRate } from '../../operations/commands/setBulkOperationRate';
import { startBulkOperation } from '../../operations/commands/startBulkOperation';
import { startPlannedBulkOperation } from '../../operations/commands/startPlannedBulkOperation';
import { undoBulkOperation } from '../../operations/commands/undoBulkOperation';
import type { Services } from '../../transitions/services';
import type { Context } from '../context';
import { argumentAsSent } from './argumentAsSent';
import { builder } from './builder';
import { BulkOperation } from './bulkOperation';
import { BulkOperationRefusal } from './bulkOperationEnums';
import { TransitionCode } from './enums';
import { FlowRunFilter } from './flowRunFilter';
import { proposalOf, StateCreate } from './state';

const keyDescription = 'The same key with the same input returns the existing operation.';
const reasonDescription = 'The reason for the audit trail.';

const BulkOperationInput = builder.inputType('BulkOperationInput', {
  description: 'One state for any number of runs.',
  fields: t => ({
    state: t.field({ type: StateCreate, required: true, description: 'The state to propose to each run.' }),
    flowRuns: t.field({
      type: FlowRunFilter,
      required: true,
      description: 'Must have a condition; an operation on every run needs `all: true`.',
    }),
    all: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Confirms a filter without a condition.',
    }),
    force: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether the minimal policy decides instead of all the rules; needs the scope `force`.',
    }),
    reason: t.string({ required: true, description: reasonDescription, validate: { schema: reasonText } }),
    idempotencyKey: t.string({ description: keyDescription, validate: { schema: nameText } }),
    expectedCount: t.int({
      description: 'Refused if another number of runs matches.',
      validate: { schema: atLeastOne },
    }),
    maxAffected: t.int({ description: 'Refused if more runs match.', validate: { schema: atLeastOne } }),
    runsPerSecond: t.int({
      description: 'The maximum number of runs per second; no limit by default.',
      validate: { schema: atLeastOne },
    }),
    includeSubflows: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Unfinished subflow runs below the matching runs, at any depth, are moved too, deepest first.',
    }),
    canary: t.int({
      description: 'Pauses after this many runs, for a review.',
      validate: { schema: atLeastOne },
    }),
    pauseAboveFailureRatio: t.float({
      description: '0 to 1: pauses when more than this share of the last 100 decided runs was not ACCEPTed.',
      validate: { schema: ratio },
    }),
    retryWaits: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Retries runs with the verdict WAIT after their delay, for at most an hour (configurable).',
    }),
  }),
});

const BulkOperationRefused = builder.objectRef<BulkOperationRefusedResult>('BulkOperationRefused').implement({
  description: 'The call was refused, and nothing was written.',
  fields: t => ({
    code: t.expose('code', { type: BulkOperationRefusal, description: 'The code for programs.' }),
    message: t.exposeString('message', { description: 'The reason, and what to do instead.' }),
    matched: t.exposeInt('matched', {
      nullable: true,
      description: 'The current number of matching runs, if it was counted.',
    }),
  }),
});

const BulkOperationResult = builder.unionType('BulkOperationResult', {
  description: 'The operation, or why the call was refused.',
  types: [BulkOperation, BulkOperationRefused],
  resolveType: result => ('code' in result ? 'BulkOperationRefused' : 'BulkOperation'),
});

type Input = typeof BulkOperationInput.$inferInput;

const requestOf = (input: Input, context: Context, info: GraphQLResolveInfo): BulkOperationRequest => {
  const sent = argumentAsSent(info, 'input', context.variables);
  const flowRuns = sent !== null && typeof sent === 'object' && 'flowRuns' in sent ? sent.flowRuns : null;
  return {
    actor: context.actor.name,
    idempotencyKey: input.idempotencyKey ?? null,
    runsPerSecond: input.runsPerSecond ?? null,
    definition: {
      state: proposalOf(input.state),
      filter: input.flowRuns,
      flowRuns: flowRuns ?? null,
      all: input.all,
      force: input.force,
      callerRenewsLeases: context.callerRenewsLeases,
      includeSubflows: input.includeSubflows,
      canary: input.canary ?? null,
      pauseAboveFailureRatio: input.pauseAboveFailureRatio ?? null,
      retryWaits: input.retryWaits,
      expectedCount: input.expectedCount ?? null,
      maxAffected: input.maxAffected ?? null,
      codes: null,
      reason: input.reason,
    },
  };
};

const repeatOf = (
  { id, reason, idempotencyKey }: { id: string; reason: string; idempotencyKey?: string | null },
  { actor, callerRenewsLeases }: Context,
): RepeatRequest => ({
  id: id as BulkOperationId,
  reason,
  idempotencyKey: idempotencyKey ?? null,
  actor: actor.name,
  callerRenewsLeases,
});

const operate = (force: boolean) => (force ? { $all: { operate: true, force: true } } : { operate: true });

/** Requires the scope `force` to start a forced operation again. */
async function operateAs(id: string, { loaders }: Context) {
  const operation = await loaders.bulkOperation.load(id as BulkOperationId);
  return operate(operation?.definition.force ?? false);
}

const making = (
  name: 'planBulkOperation' | 'startBulkOperation',
  description: string,
  make: (services: Services, request: BulkOperationRequest) => Promise<BulkOperationResult>,
) =>
  builder.mutationField(name, t =>
    t.field({
      type: BulkOperationResult,
      description,
      skipTypeScopes: true,
      authScopes: (_parent, { input }) => operate(input.force),
      args: {
        input: t.arg({
          type: BulkOperationInput,
          required: true,
          description: 'The runs and the state.',
        }),
      },
      resolve: (_parent, { input }, context, info) => make(context.services, requestOf(input, context, info)),
    }),
  );

making(
  'planBulkOperation',
  'Selects the runs and decides each by the real rules, without writing states. Returns at once; workers do the work.',
  planBulkOperation,
);
making(
  'startBulkOperation',
  'Moves any number of runs. Returns at once; workers do the work.',
  startBulkOperation,
);

const steering = (
  name: 'pauseBulkOperation' | 'resumeBulkOperation' | 'cancelBulkOperation',
  description: string,
  steer: (services: Services, id: BulkOperationId, actor: string) => Promise<BulkOperationResult>,
  { setsGoing }: { setsGoing: boolean },
) =>
  builder.mutationField(name, t =>
    t.field({
      type: BulkOperationResult,
      description,
      skipTypeScopes: true,
      authScopes: (_parent, { id }, context) => (setsGoing ? operateAs(id, context) : operate(false)),
      args: { id: t.arg({ type: 'UUID', required: true, description: 'The operation.' }) },
      resolve: (_parent, { id }, { services, actor }) => steer(services, id as BulkOperationId, actor.name),
    }),
  );

steering(
  'pauseBulkOperation',
  'Pauses an operation: within a second, no worker starts a batch.',
  pauseBulkOperation,
  {
    setsGoing: false,
  },
);
steering('resumeBulkOperation', 'Resumes a paused operation.', resumeBulkOperation, { setsGoing: true });
steering(
  'cancelBulkOperation',
  'Cancels an operation: decided runs stay as they are, the rest stays PENDING.',
  cancelBulkOperation,
  { setsGoing: false },
);

builder.mutationFields(t => ({
  startPlannedBulkOperation: t.field({
    type: BulkOperationResult,
    description:
      'Starts a plan (with the same id): moves exactly the planned runs, without those that changed state in the meantime.',
    skipTypeScopes: true,
    authScopes: (_parent, { id }, context) => operateAs(id, context),
    args: {
      id: t.arg({ type: 'UUID', required: true, description: 'The plan.' }),
      expectedCount: t.arg.int({
        description: 'Refused if another number of runs is planned.',
        validate: { schema: atLeastOne },
      }),
    },
    resolve: (_parent, { id, expectedCount }, { services, actor }) =>
      startPlannedBulkOperation(services, id as BulkOperationId, expectedCount ?? null, actor.name),
  }),
  setBulkOperationRate: t.field({
    type: BulkOperationResult,
    description: 'Changes the number of runs per second, for all workers together; null removes the limit.',
    skipTypeScopes: true,
    authScopes: (_parent, { id }, context) => operateAs(id, context),
    args: {
      id: t.arg({ type: 'UUID', required: true, description: 'The operation.' }),
      runsPerSecond: t.arg.int({ description: 'null removes the limit.', validate: { schema: atLeastOne } }),
    },
    resolve: (_parent, { id, runsPerSecond }, { services, actor }) =>
      setBulkOperationRate(services, id as BulkOperationId, runsPerSecond ?? null, actor.name),
  }),
  retryBulkOperation: t.field({
    type: BulkOperationResult,
    description:
      'Creates an operation over the items of an ended one that were not ACCEPTed, or only those with these codes.',
    skipTypeScopes: true,
    authScopes: (_parent, { id }, context) => operateAs(id, context),
    args: {
      id: t.arg({ type: 'UUID', required: true, description: 'The ended operation.' }),
      codes: t.arg({
        type: [TransitionCode],
        description: 'Only items with these codes; by default all that ended REJECT, ABORT or WAIT.',
      }),
      reason: t.arg.string({
        required: true,
        description: reasonDescription,
        validate: { schema: reasonText },
      }),
      idempotencyKey: t.arg.string({ description: keyDescription, validate: { schema: nameText } }),
      runsPerSecond: t.arg.int({
        description:
          'The maximum number of runs per second; null for no limit, absent as the retried operation has it.',
        validate: { schema: atLeastOne },
      }),
      canary: t.arg.int({
        description: 'Pauses after this many runs; null for never, absent as the retried operation has it.',
        validate: { schema: atLeastOne },
      }),
      pauseAboveFailureRatio: t.arg.float({
        description:
          '0 to 1: pauses above this share of failures; null for never, absent as the retried operation has it.',
        validate: { schema: ratio },
      }),
    },
    resolve: (_parent, args, context) =>
      retryBulkOperation(context.services, {
        ...repeatOf(args, context),
        codes: args.codes ?? null,
        brakes: args,
      }),
  }),
  undoBulkOperation: t.field({
    type: BulkOperationResult,
    description:
      'Creates an operation that restores the previous state of each run that was not moved in the meantime.',
    skipTypeScopes: true,
    authScopes: { operate: true },
    args: {
      id: t.arg({ type: 'UUID', required: true, description: 'The ended operation.' }),
      reason: t.arg.string({
        required: true,
        description: reasonDescription,
        validate: { schema: reasonText },
      }),
      idempotencyKey: t.arg.string({ description: keyDescription, validate: { schema: nameText } }),
    },
    resolve: (_parent, args, context) => undoBulkOperation(context.services, repeatOf(args, context)),
  }),
}));
