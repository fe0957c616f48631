import type {
  CreatedBy as DomainCreatedBy,
  FlowRun as DomainFlowRun,
  FlowRunPolicy as DomainPolicy,
} from '../../domain/flowRun';
import { stateConnection } from '../../flowRuns/stateConnection';
import { builder, needsRead } from './builder';
import { connectionType, pageArguments, pageOf } from './connection';
import { pageOfFirst } from './cost';
import { Deployment } from './deployment';
import { StateType } from './enums';
import { Flow } from './flow';
import { State } from './state';

const CreatedBy = builder.objectRef<DomainCreatedBy>('CreatedBy').implement({
  description: 'Who made a run.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', nullable: true, description: 'The id of the creator.' }),
    type: t.exposeString('type', {
      nullable: true,
      description: 'What the creator is, such as DEPLOYMENT or AUTOMATION.',
    }),
    displayValue: t.exposeString('displayValue', {
      nullable: true,
      description: 'What people call the creator.',
    }),
  }),
});

const FlowRunPolicy = builder.objectRef<DomainPolicy>('FlowRunPolicy').implement({
  description: 'How a run retries, pauses and resumes.',
  fields: t => ({
    retries: t.exposeInt('retries', {
      nullable: true,
      description: 'How often a failed run is tried again; null: never.',
    }),
    retryDelay: t.exposeInt('retryDelay', {
      nullable: true,
      description: 'Seconds before it is tried again.',
    }),
    pauseKeys: t.field({
      type: ['String'],
      description: 'The pauses that have fired.',
      resolve: policy => [...policy.pauseKeys],
    }),
    resuming: t.exposeBoolean('resuming', {
      description: 'Whether the next start goes on with what was begun.',
    }),
    retryType: t.exposeString('retryType', {
      nullable: true,
      description: 'in_process, reschedule, or null where it is not retrying.',
    }),
  }),
});

const StateConnection = connectionType(State, { one: 'state', many: 'states', order: 'newest first' });

export const FlowRun = builder.objectRef<DomainFlowRun>('FlowRun').implement({
  description: 'One run of a flow.',
  ...needsRead,
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id; newer runs have greater ids.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    flowId: t.expose('flowId', { type: 'UUID', description: 'The id of its flow.' }),
    flow: t.field({
      type: Flow,
      description: 'The flow that it is a run of.',
      resolve: async ({ flowId }, _args, { loaders }) => {
        const flow = await loaders.flow.load(flowId);
        if (flow === null) throw new Error(`flow ${flowId} of a run is gone`);
        return flow;
      },
    }),
    deploymentId: t.expose('deploymentId', {
      type: 'UUID',
      nullable: true,
      description: 'The id of its deployment.',
    }),
    deployment: t.field({
      type: Deployment,
      nullable: true,
      description: 'The deployment that it came from; null where it has none, or the deployment is gone.',
      resolve: ({ deploymentId }, _args, { loaders }) =>
        deploymentId === null ? null : loaders.deployment.load(deploymentId),
    }),
    workQueueName: t.exposeString('workQueueName', {
      nullable: true,
      description: 'The work queue that it waits in.',
    }),
    flowVersion: t.exposeString('flowVersion', { nullable: true, description: 'The version of the flow.' }),
    tags: t.field({
      type: ['String'],
      description: 'Its tags, in the order in which they were given.',
      resolve: run => [...run.tags],
    }),
    parameters: t.expose('parameters', { type: 'JSON', description: 'What the flow is called with.' }),
    idempotencyKey: t.exposeString('idempotencyKey', {
      nullable: true,
      description: 'The key that keeps it from being made twice.',
    }),
    parentTaskRunId: t.expose('parentTaskRunId', {
      type: 'UUID',
      nullable: true,
      description: 'The task run that stands for it in its parent flow run; null where it is not a subflow.',
    }),
    parentFlowRunId: t.field({
      type: 'UUID',
      nullable: true,
      description: 'The flow run that it is a subflow of.',
      resolve: async ({ parentTaskRunId }, _args, { loaders }) =>
        parentTaskRunId === null ? null : ((await loaders.taskRun.load(parentTaskRunId))?.flowRunId ?? null),
    }),
    createdBy: t.expose('createdBy', {
      type: CreatedBy,
      nullable: true,
      description: 'Who made it; null where that is not known.',
    }),
    infrastructurePid: t.exposeString('infrastructurePid', {
      nullable: true,
      description: 'What it runs in, as its worker calls it.',
    }),
    stateType: t.expose('stateType', {
      type: StateType,
      nullable: true,
      description: 'The type of the state that it is in.',
    }),
    stateName: t.exposeString('stateName', {
      nullable: true,
      description: 'The name of the state that it is in.',
    }),
    stateTimestamp: t.expose('stateTimestamp', {
      type: 'DateTime',
      nullable: true,
      description: 'When it entered that state.',
    }),
    state: t.field({
      type: State,
      nullable: true,
      description: 'The state that it is in; null where it has none yet.',
      resolve: ({ stateId }, _args, { loaders }) =>
        stateId === null ? null : loaders.flowRunState.load(stateId),
    }),
    states: t.field({
      ...pageOfFirst,
      type: StateConnection,
      description: 'The states that it is or was in, newest first.',
      args: pageArguments(50),
      resolve: ({ id }, page, context) =>
        stateConnection(
          part => context.loaders.flowRunHistory.load({ ...part, id }),
          pageOf(page, context),
          () => context.loaders.flowRunStateCount.load(id),
        ),
    }),
    runCount: t.exposeInt('runCount', { description: 'How often it was started.' }),
    startTime: t.expose('startTime', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first RUNNING.',
    }),
    endTime: t.expose('endTime', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    expectedStartTime: t.expose('expectedStartTime', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first meant to start.',
    }),
    nextScheduledStartTime: t.expose('nextScheduledStartTime', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is to start, while it is SCHEDULED.',
    }),
    totalRunTime: t.exposeFloat('totalRunTime', {
      description: 'Seconds spent RUNNING, in states already left.',
    }),
    policy: t.expose('policy', { type: FlowRunPolicy, description: 'How it retries, pauses and resumes.' }),
    created: t.expose('created', { type: 'DateTime', description: 'When it was made.' }),
    updated: t.expose('updated', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
});
