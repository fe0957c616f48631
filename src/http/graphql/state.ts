import type {
  State as DomainState,
  StateDetails as DomainStateDetails,
  StateProposal,
} from '../../domain/state';
import { builder } from './builder';
import { StateType } from './enums';

const details = {
  flowRunId: 'The flow run that is in the state.',
  taskRunId: 'The task run that is in the state, or that stands for the subflow.',
  childFlowRunId: 'The subflow whose state was copied to its parent task run.',
  scheduledTime: 'When the run is to start.',
  cacheKey: 'The key that the result is cached under.',
  cacheExpiration: 'Until when a cached result may be used.',
  deferred: 'Whether the run was handed to somebody else to run.',
  untrackableResult: 'Whether the result cannot be followed.',
  pauseTimeout: 'When a pause gives up.',
  pauseReschedule: 'Whether the run was suspended: it is started anew when it goes on.',
  pauseKey: 'Which pause this is, so that each fires once.',
  runInputKeyset: 'The keys under which a paused run awaits input.',
  refreshCache: 'Whether a cached result must not be used.',
  retriable: 'Whether the run may be tried again.',
  transitionId: 'Which transition this is, so that one that is sent twice happens once.',
  taskParametersId: 'Where the parameters of a deferred task are kept.',
  traceparent: 'The W3C trace context that the run belongs to.',
  deploymentConcurrencyLeaseId: 'The lease on the slot that the run holds.',
} as const satisfies Record<keyof DomainStateDetails, string>;

export const StateDetails = builder.objectRef<DomainStateDetails>('StateDetails').implement({
  description: 'What a state says beyond its type.',
  fields: t => ({
    flowRunId: t.expose('flowRunId', { type: 'UUID', nullable: true, description: details.flowRunId }),
    taskRunId: t.expose('taskRunId', { type: 'UUID', nullable: true, description: details.taskRunId }),
    childFlowRunId: t.expose('childFlowRunId', {
      type: 'UUID',
      nullable: true,
      description: details.childFlowRunId,
    }),
    scheduledTime: t.expose('scheduledTime', {
      type: 'DateTime',
      nullable: true,
      description: details.scheduledTime,
    }),
    cacheKey: t.exposeString('cacheKey', { nullable: true, description: details.cacheKey }),
    cacheExpiration: t.expose('cacheExpiration', {
      type: 'DateTime',
      nullable: true,
      description: details.cacheExpiration,
    }),
    deferred: t.boolean({
      nullable: true,
      description: details.deferred,
      resolve: state => state.deferred ?? false,
    }),
    untrackableResult: t.boolean({
      nullable: true,
      description: details.untrackableResult,
      resolve: state => state.untrackableResult ?? false,
    }),
    pauseTimeout: t.expose('pauseTimeout', {
      type: 'DateTime',
      nullable: true,
      description: details.pauseTimeout,
    }),
    pauseReschedule: t.boolean({
      nullable: true,
      description: details.pauseReschedule,
      resolve: state => state.pauseReschedule ?? false,
    }),
    pauseKey: t.exposeString('pauseKey', { nullable: true, description: details.pauseKey }),
    runInputKeyset: t.expose('runInputKeyset', {
      type: 'JSON',
      nullable: true,
      description: details.runInputKeyset,
    }),
    refreshCache: t.exposeBoolean('refreshCache', { nullable: true, description: details.refreshCache }),
    retriable: t.exposeBoolean('retriable', { nullable: true, description: details.retriable }),
    transitionId: t.expose('transitionId', {
      type: 'UUID',
      nullable: true,
      description: details.transitionId,
    }),
    taskParametersId: t.expose('taskParametersId', {
      type: 'UUID',
      nullable: true,
      description: details.taskParametersId,
    }),
    traceparent: t.exposeString('traceparent', { nullable: true, description: details.traceparent }),
    deploymentConcurrencyLeaseId: t.expose('deploymentConcurrencyLeaseId', {
      type: 'UUID',
      nullable: true,
      description: details.deploymentConcurrencyLeaseId,
    }),
  }),
});

export const State = builder.objectRef<DomainState>('State').implement({
  description: 'A state that a run is or was in. It is never changed once it is written.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id, a UUID v7.' }),
    type: t.expose('type', { type: StateType, description: 'What the run is in.' }),
    name: t.exposeString('name', { description: 'What people call it, such as "Late" or "AwaitingRetry".' }),
    timestamp: t.expose('timestamp', {
      type: 'DateTime',
      description: 'When the run entered it; unique within the run.',
    }),
    message: t.exposeString('message', { nullable: true, description: 'Why, in words.' }),
    data: t.expose('data', { type: 'JSON', nullable: true, description: 'The result, or where it is kept.' }),
    stateDetails: t.expose('stateDetails', {
      type: StateDetails,
      description: 'What it says beyond its type.',
    }),
  }),
});

const StateDetailsInput = builder.inputType('StateDetailsInput', {
  description: 'What a proposed state says beyond its type.',
  fields: t => ({
    flowRunId: t.field({ type: 'UUID', description: details.flowRunId }),
    taskRunId: t.field({ type: 'UUID', description: details.taskRunId }),
    childFlowRunId: t.field({ type: 'UUID', description: details.childFlowRunId }),
    scheduledTime: t.field({ type: 'DateTime', description: details.scheduledTime }),
    cacheKey: t.string({ description: details.cacheKey }),
    cacheExpiration: t.field({ type: 'DateTime', description: details.cacheExpiration }),
    deferred: t.boolean({ description: details.deferred }),
    untrackableResult: t.boolean({ description: details.untrackableResult }),
    pauseTimeout: t.field({ type: 'DateTime', description: details.pauseTimeout }),
    pauseReschedule: t.boolean({ description: details.pauseReschedule }),
    pauseKey: t.string({ description: details.pauseKey }),
    runInputKeyset: t.field({ type: 'JSON', description: details.runInputKeyset }),
    refreshCache: t.boolean({ description: details.refreshCache }),
    retriable: t.boolean({ description: details.retriable }),
    transitionId: t.field({ type: 'UUID', description: details.transitionId }),
    taskParametersId: t.field({ type: 'UUID', description: details.taskParametersId }),
    traceparent: t.string({ description: details.traceparent }),
    deploymentConcurrencyLeaseId: t.field({
      type: 'UUID',
      description: details.deploymentConcurrencyLeaseId,
    }),
  }),
});

export const StateCreate = builder.inputType('StateCreate', {
  description: 'A state to propose.',
  fields: t => ({
    type: t.field({ type: StateType, required: true, description: 'What the runs are to be in.' }),
    name: t.string({
      description: 'What people call it; the type in capitalised words where absent.',
      validate: { minLength: 1, maxLength: 255 },
    }),
    message: t.string({ description: 'Why, in words.' }),
    data: t.field({
      type: 'JSON',
      description:
        'The result, or where it is kept. Data whose type is "unpersisted" is echoed, never stored.',
    }),
    stateDetails: t.field({ type: StateDetailsInput, description: 'What it says beyond its type.' }),
  }),
});

/** The proposal that an input makes: what is null there is absent here. */
export function proposalOf(input: typeof StateCreate.$inferInput): StateProposal {
  const { type, name, message, data, stateDetails } = input;
  const given = Object.entries(stateDetails ?? {}).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return {
    type,
    name: name ?? undefined,
    message: message ?? undefined,
    data: data ?? undefined,
    // The scalars have checked the ids; only here do they become ids of a noun.
    stateDetails: Object.fromEntries(given),
  };
}
