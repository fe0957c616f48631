import type { FlowRun } from '../../../src/domain/flowRun';
import type { FilterOperator, FlowRunFilter } from '../../../src/domain/flowRunFilter';
import type { FlowRunId, TaskRunId } from '../../../src/domain/identifiers';

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

/** Whether a run matches a filter, computed without a database; `parents` names the owner of each task run. */
export function isAskedFor(
  run: FlowRun,
  filter: FlowRunFilter,
  parents: ReadonlyMap<TaskRunId, FlowRunId | null>,
): boolean {
  const { id, name, tags, deploymentId, workQueueName, state, flowVersion, startTime, endTime } = filter;
  const { expectedStartTime, nextScheduledStartTime, parentFlowRunId, parentTaskRunId } = filter;
  const { idempotencyKey, createdBy } = filter;
  const started = run.startTime ?? run.expectedStartTime;
  const parent = run.parentTaskRunId === null ? null : (parents.get(run.parentTaskRunId) ?? null);
  const answer = together(filter.operator, [
    together('AND', [isAny(run.id, id?.any), isNotAny(run.id, id?.notAny)]),
    together('AND', [
      isAny(run.name, name?.any),
      ask(name?.like, part => (part === '' ? null : lower(run.name).includes(lower(part)))),
    ]),
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
    ]),
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
