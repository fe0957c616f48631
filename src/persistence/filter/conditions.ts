import type { FlowRunFilter } from '../../domain/flowRunFilter';
import {
  contains,
  hasAllTags,
  hasAnyTag,
  isAfter,
  isAny,
  isBefore,
  isLiteral,
  isNotAny,
  isNull,
  type Operator,
  refersToAny,
} from './operators';

type Groups = Omit<FlowRunFilter, 'operator'>;
type Asked<Group> = Omit<NonNullable<Group>, 'operator'>;

/** What each condition of a group means; a condition may be a group itself, all of which must hold. */
type Conditions<Group> = {
  [Condition in keyof Required<Asked<Group>>]: NonNullable<Asked<Group>[Condition]> extends
    | readonly unknown[]
    | string
    | boolean
    ? Operator<NonNullable<Asked<Group>[Condition]>>
    : Conditions<Asked<Group>[Condition]>;
};

/** Every condition that a filter can set on a run: one row each, by group. */
export const flowRunConditions: { [Group in keyof Required<Groups>]: Conditions<Groups[Group]> } = {
  id: { any: isAny('run.id'), notAny: isNotAny('run.id') },
  name: { any: isAny('run.name'), like: contains('run.nameLowered') },
  deploymentId: { any: isAny('run.deploymentId'), isNull: isNull('run.deploymentId') },
  workQueueName: { any: isAny('run.workQueueName'), isNull: isNull('run.workQueueName') },
  state: {
    type: { any: isAny('run.stateType'), notAny: isNotAny('run.stateType') },
    name: { any: isAny('run.stateName'), notAny: isNotAny('run.stateName') },
  },
  flowVersion: { any: isAny('run.flowVersion') },
  startTime: {
    before: isBefore('run.effectiveStartTime'),
    after: isAfter('run.effectiveStartTime'),
    isNull: isNull('run.startTime'),
  },
  endTime: {
    before: isBefore('run.endTime'),
    after: isAfter('run.endTime'),
    isNull: isNull('run.endTime'),
  },
  expectedStartTime: {
    before: isBefore('run.expectedStartTime'),
    after: isAfter('run.expectedStartTime'),
  },
  nextScheduledStartTime: {
    before: isBefore('run.nextScheduledStartTime'),
    after: isAfter('run.nextScheduledStartTime'),
  },
  parentFlowRunId: {
    any: refersToAny('run.parentTaskRunId', 'SELECT id FROM task_run WHERE flow_run_id'),
  },
  parentTaskRunId: { any: isAny('run.parentTaskRunId'), isNull: isNull('run.parentTaskRunId') },
  idempotencyKey: { any: isAny('run.idempotencyKey'), notAny: isNotAny('run.idempotencyKey') },
  createdBy: {
    id: isAny('run.createdById'),
    type: isAny('run.createdByType'),
    isNull: isLiteral('run.hasCreator', '0'),
  },
  // Last, because conditions are evaluated in this order, and tags need another table.
  tags: {
    all: hasAllTags,
    any: hasAnyTag,
    isNull: isLiteral('run.tags', "'[]'"),
  },
};
