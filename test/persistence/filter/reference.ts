import type { DeploymentFilter } from '../../../src/domain/deploymentFilter';
import type { FilterOperator } from '../../../src/domain/filterFields';
import type { FlowFilter } from '../../../src/domain/flowFilter';
import type { FlowRun } from '../../../src/domain/flowRun';
import type { FlowRunFilter } from '../../../src/domain/flowRunFilter';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../../src/domain/identifiers';

/** What one condition says of a run; null where it asks for nothing. */
type Answer = boolean | null;
type Asked<Value> = Value | null | undefined;

function together(operator: Asked<FilterOperator>, answers: readonly Answer[]): Answer {
  const given = answers.filter(answer => answer !== null);
  if (given.length === 0) return null;
  return operator === 'OR' ? given.includes(true) : !given.includes(false);
}

const ask = <Value>(asked: Asked<Value>, answer: (value: Value) => Answer): Answer =>
  asked === null || asked === undefined ? null : answer(asked);
const isAny = (value: string | null, list: Asked<readonly string[]>): Answer =>
  ask(list, values => value !== null && values.includes(value));
const isNotAny = (value: string | null, list: Asked<readonly string[]>): Answer =>
  ask(list, values => (values.length === 0 ? null : value !== null && !values.includes(value)));
const isNull = (value: unknown, wanted: Asked<boolean>): Answer =>
  ask(wanted, yes => (value === null) === yes);
const isBefore = (value: string | null, bound: Asked<string>): Answer =>
  ask(bound, limit => value !== null && value <= limit);
const isAfter = (value: string | null, bound: Asked<string>): Answer =>
  ask(bound, limit => value !== null && value >= limit);
const lower = (text: string): string =>
  Array.from(text)
    .map(letter => letter.toLowerCase())
    .join('');

const contains = (value: string | null, part: Asked<string>): Answer =>
  ask(part, text => (text === '' ? null : value !== null && lower(value).includes(lower(text))));

/** What runs refer to, by id. */
interface Related {
  /** The owners of task runs. */
  parents: ReadonlyMap<TaskRunId, FlowRunId | null>;
  flowNames: ReadonlyMap<FlowId, string>;
  deployments: ReadonlyMap<DeploymentId, { name: string; flowId: FlowId }>;
  messages: ReadonlyMap<StateId, string | null>;
}

const ofFlow = (id: FlowId, asked: FlowFilter, { flowNames }: Related): Answer =>
  together(asked.operator, [
    isAny(id, asked.id?.any),
    isNotAny(id, asked.id?.notAny),
    isAny(flowNames.get(id) ?? null, asked.name?.any),
    contains(flowNames.get(id) ?? null, asked.name?.like),
  ]);

function ofDeployment(id: DeploymentId | null, asked: DeploymentFilter, related: Related): Answer {
  const deployment = id === null ? undefined : related.deployments.get(id);
  const name = deployment?.name ?? null;
  const meets = together(asked.operator, [
    isAny(id, asked.id?.any),
    isNotAny(id, asked.id?.notAny),
    isAny(name, asked.name?.any),
    contains(name, asked.name?.like),
    ask(asked.flow, flow => ofFlow(deployment?.flowId ?? ('' as FlowId), flow, related)),
  ]);
  return meets && deployment !== undefined;
}

/** Whether a run matches a filter, computed without a database. */
export function isAskedFor(run: FlowRun, filter: FlowRunFilter, related: Related): boolean {
  const { id, name, tags, deploymentId, workQueueName, state, flowVersion, startTime, endTime } = filter;
  const { expectedStartTime, nextScheduledStartTime, parentFlowRunId, parentTaskRunId } = filter;
  const { idempotencyKey, createdBy, flow, deployment } = filter;
  const { parents, messages } = related;
  const message = run.stateId === null ? null : (messages.get(run.stateId) ?? null);
  const started = run.startTime ?? run.expectedStartTime;
  const parent = run.parentTaskRunId === null ? null : (parents.get(run.parentTaskRunId) ?? null);
  const answer = together(filter.operator, [
    together('AND', [isAny(run.id, id?.any), isNotAny(run.id, id?.notAny)]),
    together('AND', [isAny(run.name, name?.any), contains(run.name, name?.like)]),
    together(tags?.operator, [
      ask(tags?.all, all => (all.length === 0 ? null : all.every(tag => run.tags.includes(tag)))),
      ask(tags?.any, any => any.some(tag => run.tags.includes(tag))),
      ask(tags?.isNull, wanted => (run.tags.length === 0) === wanted),
    ]),
    together(deploymentId?.operator, [
      isAny(run.deploymentId, deploymentId?.any),
      isNull(run.deploymentId, deploymentId?.isNull),
    ]),
    together(workQueueName?.operator, [
      isAny(run.workQueueName, workQueueName?.any),
      isNull(run.workQueueName, workQueueName?.isNull),
    ]),
    together(state?.operator, [
      together('AND', [isAny(run.stateType, state?.type?.any), isNotAny(run.stateType, state?.type?.notAny)]),
      together('AND', [isAny(run.stateName, state?.name?.any), isNotAny(run.stateName, state?.name?.notAny)]),
      contains(message, state?.message?.like),
      together('AND', [
        isBefore(run.stateTimestamp, state?.timestamp?.before),
        isAfter(run.stateTimestamp, state?.timestamp?.after),
      ]),
    ]),
    ask(flow, asked => ofFlow(run.flowId, asked, related)),
    ask(deployment, asked => ofDeployment(run.deploymentId, asked, related)),
    isAny(run.flowVersion, flowVersion?.any),
    together('AND', [
      isBefore(started, startTime?.before),
      isAfter(started, startTime?.after),
      isNull(run.startTime, startTime?.isNull),
    ]),
    together('AND', [
      isBefore(run.endTime, endTime?.before),
      isAfter(run.endTime, endTime?.after),
      isNull(run.endTime, endTime?.isNull),
    ]),
    together('AND', [
      isBefore(run.expectedStartTime, expectedStartTime?.before),
      isAfter(run.expectedStartTime, expectedStartTime?.after),
    ]),
    together('AND', [
      isBefore(run.nextScheduledStartTime, nextScheduledStartTime?.before),
      isAfter(run.nextScheduledStartTime, nextScheduledStartTime?.after),
    ]),
    isAny(parent, parentFlowRunId?.any),
    together(parentTaskRunId?.operator, [
      isAny(run.parentTaskRunId, parentTaskRunId?.any),
      isNull(run.parentTaskRunId, parentTaskRunId?.isNull),
    ]),
    together('AND', [
      isAny(run.idempotencyKey, idempotencyKey?.any),
      isNotAny(run.idempotencyKey, idempotencyKey?.notAny),
    ]),
    together(createdBy?.operator, [
      isAny(run.createdBy?.id ?? null, createdBy?.id),
      isAny(run.createdBy?.type ?? null, createdBy?.type),
      isNull(run.createdBy, createdBy?.isNull),
    ]),
  ]);
  return answer ?? true;
}
