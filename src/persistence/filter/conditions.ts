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
  name: { any: isAny('run.name'), like: contains('run.name_lowered') },
  deploymentId: { any: isAny('run.deployment_id'), isNull: isNull('run.deployment_id') },
  workQueueName: { any: isAny('run.work_queue_name'), isNull: isNull('run.work_queue_name') },
  state: {
    type: { any: isAny('run.state_type'), notAny: isNotAny('run.state_type') },
    name: { any: isAny('run.state_name'), notAny: isNotAny('run.state_name') },
  },
  flowVersion: { any: isAny('run.flow_version') },
  startTime: {
    before: isBefore('run.effective_start_time'),
    after: isAfter('run.effective_start_time'),
    isNull: isNull('run.start_time'),
  },
  endTime: {
    before: isBefore('run.end_time'),
    after: isAfter('run.end_time'),
    isNull: isNull('run.end_time'),
  },
  expectedStartTime: {
    before: isBefore('run.expected_start_time'),
    after: isAfter('run.expected_start_time'),
  },
  nextScheduledStartTime: {
    before: isBefore('run.next_scheduled_start_time'),
    after: isAfter('run.next_scheduled_start_time'),
  },
  parentFlowRunId: {
    any: refersToAny('run.parent_task_run_id', 'SELECT id FROM task_run WHERE flow_run_id'),
  },
  parentTaskRunId: { any: isAny('run.parent_task_run_id'), isNull: isNull('run.parent_task_run_id') },
  idempotencyKey: { any: isAny('run.idempotency_key'), notAny: isNotAny('run.idempotency_key') },
  createdBy: {
    id: isAny('run.created_by_id'),
    type: isAny('run.created_by_type'),
    isNull: isLiteral('run.has_creator', '0'),
  },
  // Last, because conditions are tried in this order, and for tags another table is looked at.
  tags: {
    all: hasAllTags,
    any: hasAnyTag,
    isNull: isLiteral('run.tags', "'[]'"),
  },
};
