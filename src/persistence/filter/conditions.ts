import type { FlowFilter } from '../../domain/flowFilter';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import { deploymentConditions } from './deploymentConditions';
import { flowConditions } from './flowConditions';
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
  stateMessageContains,
} from './operators';
import { refersTo } from './refersTo';

type Groups = Omit<FlowRunFilter, 'operator'>;
type Asked<Group> = Omit<NonNullable<Group>, 'operator'>;

/** What a condition means; a condition may be a group itself, all of which must hold. */
type Meaning<Value> =
  | Operator<NonNullable<Value>>
  | (NonNullable<Value> extends readonly unknown[] | string | boolean ? never : Conditions<Value>);
type Conditions<Group> = {
  [Condition in keyof Required<Asked<Group>>]: Meaning<Asked<Group>[Condition]>;
};

const refersToFlow = refersTo('run.flowId', 'flow', flowConditions);

/** Flows are never deleted: ids need no look-up. */
const isOfFlow: Operator<FlowFilter> = filter => {
  const { id, name } = filter;
  return id?.any && !id.notAny && !name ? isAny('run.flowId')(id.any) : refersToFlow(filter);
};

/** Every condition that a filter can set on a run: one row each, by group. */
export const flowRunConditions: Conditions<Groups> = {
  id: { any: isAny('run.id'), notAny: isNotAny('run.id') },
  name: { any: isAny('run.name'), like: contains('run.nameLowered') },
  deploymentId: { any: isAny('run.deploymentId'), isNull: isNull('run.deploymentId') },
  workQueueName: { any: isAny('run.workQueueName'), isNull: isNull('run.workQueueName') },
  state: {
    type: { any: isAny('run.stateType'), notAny: isNotAny('run.stateType') },
    name: { any: isAny('run.stateName'), notAny: isNotAny('run.stateName') },
    timestamp: { before: isBefore('run.stateTimestamp'), after: isAfter('run.stateTimestamp') },
    message: { like: stateMessageContains },
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
  flow: isOfFlow,
  deployment: refersTo('run.deploymentId', 'deployment', deploymentConditions),
  // Last, because conditions are evaluated in this order, and tags need another table.
  tags: {
    all: hasAllTags,
    any: hasAnyTag,
    isNull: isLiteral('run.tags', "'[]'"),
  },
};
