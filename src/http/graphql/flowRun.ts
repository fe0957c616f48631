import { z } from 'zod';
import type {
  CreatedBy as DomainCreatedBy,
  FlowRun as DomainFlowRun,
  FlowRunPolicy as DomainPolicy,
} from '../../domain/flowRun';
import type { FlowRunId } from '../../domain/identifiers';
import { type Instant, isInstant } from '../../domain/instant';
import type { Json } from '../../domain/json';
import type { Context } from '../context';
import { builder, needsRead } from './builder';
import { connectionType, pageArguments, resolvePage } from './connection';
import type { CursorList } from './cursors';
import { Deployment } from './deployment';
import { StateType } from './enums';
import { pageOfFirst } from './fieldCosts';
import { Flow, loadFlow } from './flow';
import { Node } from './node';
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

const extraOf = async (
  name: 'labels' | 'job_variables',
  id: FlowRunId,
  { loaders }: Context,
): Promise<Json> => (await loaders.extras.load({ kind: 'flowRun', id }))[name] ?? {};

const FlowRunRef = builder.objectRef<DomainFlowRun>('FlowRun');

/** The run of which a task run is a task; null if there is none. */
async function loadParentId(
  { parentTaskRunId }: DomainFlowRun,
  { loaders }: Context,
): Promise<FlowRunId | null> {
  if (parentTaskRunId === null) return null;
  const taskRun = await loaders.taskRun.load(parentTaskRunId);
  return taskRun?.flowRunId ?? null;
}

export const FlowRun = FlowRunRef.implement({
  description: 'One run of a flow.',
  interfaces: [Node],
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
      resolve: (run, _args, context) => loadParentId(run, context),
    }),
    parentFlowRun: t.field({
      type: FlowRunRef,
      nullable: true,
      description:
        'The run whose task started this one; null if it is not a subflow or that run was deleted.',
      async resolve(run, _args, context) {
        const parentId = await loadParentId(run, context);
        return parentId === null ? null : context.loaders.flowRun.load(parentId);
      },
    }),
    labels: t.field({
      type: 'JSON',
      description:
        'The labels as the client that created it sent them, with those of its flow or deployment.',
      resolve: ({ id }, _args, context) => extraOf('labels', id, context),
    }),
    jobVariables: t.field({
      type: 'JSON',
      description: 'The job variables as the client that created it sent them.',
      resolve: ({ id }, _args, context) => extraOf('job_variables', id, context),
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

builder.objectField(State, 'flowRun', t =>
  t.field({
    ...needsRead,
    type: FlowRun,
    nullable: true,
    description:
      'The run it belongs to; null for a state of a task run, and for one that a preview proposes but does not write.',
    async resolve({ id }, _args, { loaders }) {
      const flowRunId = await loaders.flowRunOfState.load(id);
      return flowRunId === null ? null : loaders.flowRun.load(flowRunId);
    },
  }),
);
