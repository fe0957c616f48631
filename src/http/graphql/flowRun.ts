import { z } from 'zod';
import type {
  CreatedBy as DomainCreatedBy,
  FlowRun as DomainFlowRun,
  FlowRunPolicy as DomainPolicy,
} from '../../domain/flowRun';
import { type Instant, isInstant } from '../../domain/instant';
import { builder, needsRead } from './builder';
import { connectionType, pageArguments, resolvePage } from './connection';
import type { CursorList } from './cursors';
import { Deployment } from './deployment';
import { StateType } from './enums';
import { pageOfFirst } from './fieldCosts';
import { Flow, loadFlow } from './flow';
import { State } from './state';

const CreatedBy = builder.objectRef<DomainCreatedBy>('CreatedBy').implement({
  description: 'The creator of a run.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', nullable: true, description: 'The id of the creator.' }),
    type: t.exposeString('type', {
      nullable: true,
      description: 'The type of the creator, such as DEPLOYMENT or AUTOMATION.',
    }),
    displayValue: t.exposeString('displayValue', {
      nullable: true,
      description: 'The display name of the creator.',
    }),
  }),
});

const FlowRunPolicy = builder.objectRef<DomainPolicy>('FlowRunPolicy').implement({
  description: 'How a run retries, pauses and resumes.',
  fields: t => ({
    retries: t.exposeInt('retries', {
      nullable: true,
      description: 'The number of retries after a failure; null for none.',
    }),
    retryDelay: t.exposeInt('retryDelay', {
      nullable: true,
      description: 'The delay before a retry, in seconds.',
    }),
    pauseKeys: t.field({
      type: ['String'],
      description: 'The keys of the pauses that have fired.',
      resolve: policy => [...policy.pauseKeys],
    }),
    resuming: t.exposeBoolean('resuming', {
      description: 'Whether the next start continues the current attempt.',
    }),
    retryType: t.exposeString('retryType', {
      nullable: true,
      description: 'in_process, reschedule, or null if it is not retrying.',
    }),
  }),
});

const StateConnection = connectionType(State, { one: 'state', many: 'states', order: 'newest first' });

// States of different runs may share a cursor: it contains only the time, not the run.
const stateCursors: CursorList<[Instant]> = {
  name: 'states',
  key: z.tuple([z.custom<Instant>(value => typeof value === 'string' && isInstant(value))]),
};

export const FlowRun = builder.objectRef<DomainFlowRun>('FlowRun').implement({
  description: 'One run of a flow.',
  ...needsRead,
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'The id; newer runs have greater ids.' }),
    name: t.exposeString('name', { description: 'The name.' }),
    flowId: t.expose('flowId', { type: 'UUID', description: 'The id of its flow.' }),
    flow: t.field({
      type: Flow,
      description: 'The flow of the run.',
      resolve: loadFlow,
    }),
    deploymentId: t.expose('deploymentId', {
      type: 'UUID',
      nullable: true,
      description: 'The id of its deployment.',
    }),
    deployment: t.field({
      type: Deployment,
      nullable: true,
      description: 'The deployment of the run; null if it has none or it was deleted.',
      resolve: ({ deploymentId }, _args, { loaders }) =>
        deploymentId === null ? null : loaders.deployment.load(deploymentId),
    }),
    workQueueName: t.exposeString('workQueueName', {
      nullable: true,
      description: 'The work queue of the run.',
    }),
    flowVersion: t.exposeString('flowVersion', { nullable: true, description: 'The version of the flow.' }),
    tags: t.field({
      type: ['String'],
      description: 'The tags in the order of the input.',
      resolve: run => [...run.tags],
    }),
    parameters: t.expose('parameters', { type: 'JSON', description: 'The parameters of the flow.' }),
    idempotencyKey: t.exposeString('idempotencyKey', {
      nullable: true,
      description: 'The idempotency key, unique in its flow.',
    }),
    parentTaskRunId: t.expose('parentTaskRunId', {
      type: 'UUID',
      nullable: true,
      description: 'The task run that represents it in its parent flow run; null if it is not a subflow.',
    }),
    parentFlowRunId: t.field({
      type: 'UUID',
      nullable: true,
      description: 'The parent flow run of a subflow.',
      resolve: async ({ parentTaskRunId }, _args, { loaders }) =>
        parentTaskRunId === null ? null : ((await loaders.taskRun.load(parentTaskRunId))?.flowRunId ?? null),
    }),
    createdBy: t.expose('createdBy', {
      type: CreatedBy,
      nullable: true,
      description: 'The creator; null if unknown.',
    }),
    infrastructurePid: t.exposeString('infrastructurePid', {
      nullable: true,
      description: 'The id of its infrastructure, set by its worker.',
    }),
    stateType: t.expose('stateType', {
      type: StateType,
      nullable: true,
      description: 'The type of the current state.',
    }),
    stateName: t.exposeString('stateName', {
      nullable: true,
      description: 'The name of the current state.',
    }),
    stateTimestamp: t.expose('stateTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it entered the current state.',
    }),
    state: t.field({
      type: State,
      nullable: true,
      description: 'The current state; null if it has none yet.',
      resolve: ({ stateId }, _args, { loaders }) =>
        stateId === null ? null : loaders.flowRunState.load(stateId),
    }),
    states: t.field({
      ...pageOfFirst,
      type: StateConnection,
      description: 'The history of its states, newest first.',
      args: pageArguments(50),
      resolve: ({ id }, page, context) =>
        resolvePage(page, context, {
          cursors: stateCursors,
          async find(after, limit) {
            const before = after?.[0] ?? null;
            const states = await context.loaders.flowRunHistory.load({ id, limit, before });
            return states.map(state => ({ node: state, key: [state.timestamp] }));
          },
          count: () => context.loaders.flowRunStateCount.load(id),
        }),
    }),
    runCount: t.exposeInt('runCount', { description: 'The number of starts.' }),
    startTime: t.expose('startTime', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first RUNNING.',
    }),
    endTime: t.expose('endTime', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    expectedStartTime: t.expose('expectedStartTime', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first expected to start.',
    }),
    nextScheduledStartTime: t.expose('nextScheduledStartTime', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is due to start, while it is SCHEDULED.',
    }),
    totalRunTime: t.exposeFloat('totalRunTime', {
      description: 'Seconds spent RUNNING, in past states.',
    }),
    policy: t.expose('policy', { type: FlowRunPolicy, description: 'How it retries, pauses and resumes.' }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was created.' }),
    updated: t.expose('updated', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
});
