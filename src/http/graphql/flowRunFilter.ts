import { builder } from './builder';
import { FilterOperator, StateType } from './enums';

type Types = typeof builder.$inferSchemaTypes;
type Fields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

const operator = (t: Fields) =>
  t.field({
    type: FilterOperator,
    required: true,
    defaultValue: 'AND',
    description: 'How the conditions of this group come together.',
  });
const ids = (t: Fields, description: string) => t.field({ type: ['UUID'], description });
const texts = (t: Fields, description: string) => t.stringList({ description });
const instant = (t: Fields, description: string) => t.field({ type: 'DateTime', description });

const isOne = 'Is one of these; an empty list matches no run.';
const isExactly =
  'Is exactly one of these: case, accents and trailing spaces count. An empty list matches no run.';
const isNone = 'Has a value, and it is none of these. An empty list is ignored.';
const bounds = (t: Fields, what: string) => ({
  before: instant(t, `${what} is at or before this instant.`),
  after: instant(t, `${what} is at or after this instant.`),
});

const Id = builder.inputType('FlowRunFilterId', {
  description: 'By id.',
  fields: t => ({ any: ids(t, isOne), notAny: ids(t, isNone) }),
});
const Name = builder.inputType('FlowRunFilterName', {
  description: 'By name.',
  fields: t => ({
    any: texts(t, isExactly),
    like: t.string({
      description: 'Holds this text, in whatever case; `%` and `_` are ordinary characters.',
    }),
  }),
});
const Tags = builder.inputType('FlowRunFilterTags', {
  description: 'By tags.',
  fields: t => ({
    operator: operator(t),
    all: texts(t, 'Has all of these.'),
    any: texts(t, 'Has one of these; an empty list matches no run.'),
    isNull: t.boolean({ description: 'true: has no tags; false: has some.' }),
  }),
});
const DeploymentId = builder.inputType('FlowRunFilterDeploymentId', {
  description: 'By deployment.',
  fields: t => ({
    operator: operator(t),
    any: ids(t, isOne),
    isNull: t.boolean({ description: 'true: has no deployment; false: has one.' }),
  }),
});
const WorkQueueName = builder.inputType('FlowRunFilterWorkQueueName', {
  description: 'By the name of the work queue.',
  fields: t => ({
    operator: operator(t),
    any: texts(t, isExactly),
    isNull: t.boolean({ description: 'true: has no work queue; false: has one.' }),
  }),
});
const StateTypeGroup = builder.inputType('FlowRunFilterStateType', {
  description: 'By the type of the state.',
  fields: t => ({
    any: t.field({ type: [StateType], description: isOne }),
    notAny: t.field({ type: [StateType], description: isNone }),
  }),
});
const StateName = builder.inputType('FlowRunFilterStateName', {
  description: 'By the name of the state.',
  fields: t => ({
    any: texts(t, isExactly),
    notAny: texts(t, isNone),
  }),
});
const State = builder.inputType('FlowRunFilterState', {
  description: 'By the state that a run is in.',
  fields: t => ({
    operator: operator(t),
    type: t.field({ type: StateTypeGroup, description: 'By its type.' }),
    name: t.field({ type: StateName, description: 'By its name.' }),
  }),
});
const FlowVersion = builder.inputType('FlowRunFilterFlowVersion', {
  description: 'By the version of the flow.',
  fields: t => ({
    any: texts(t, isExactly),
  }),
});
const StartTime = builder.inputType('FlowRunFilterStartTime', {
  description: 'By start time, or by expected start time where there is no start time.',
  fields: t => ({
    ...bounds(t, 'It'),
    isNull: t.boolean({
      description: 'true: has no start time; false: has one. Expected start time does not count here.',
    }),
  }),
});
const EndTime = builder.inputType('FlowRunFilterEndTime', {
  description: 'By end time.',
  fields: t => ({
    ...bounds(t, 'It'),
    isNull: t.boolean({ description: 'true: has no end time; false: has one.' }),
  }),
});
const ExpectedStartTime = builder.inputType('FlowRunFilterExpectedStartTime', {
  description: 'By expected start time.',
  fields: t => bounds(t, 'It'),
});
const NextScheduledStartTime = builder.inputType('FlowRunFilterNextScheduledStartTime', {
  description: 'By next scheduled start time.',
  fields: t => bounds(t, 'It'),
});
const ParentFlowRunId = builder.inputType('FlowRunFilterParentFlowRunId', {
  description: 'By the flow run that owns the parent task run.',
  fields: t => ({
    operator: operator(t),
    any: ids(t, isOne),
  }),
});
const ParentTaskRunId = builder.inputType('FlowRunFilterParentTaskRunId', {
  description: 'By the parent task run.',
  fields: t => ({
    operator: operator(t),
    any: ids(t, isOne),
    isNull: t.boolean({ description: 'true: is not a subflow; false: is one.' }),
  }),
});
const IdempotencyKey = builder.inputType('FlowRunFilterIdempotencyKey', {
  description: 'By idempotency key.',
  fields: t => ({
    any: texts(t, isExactly),
    notAny: texts(t, isNone),
  }),
});
const CreatedBy = builder.inputType('FlowRunFilterCreatedBy', {
  description: 'By who made the run.',
  fields: t => ({
    operator: operator(t),
    id: ids(t, 'The creator has one of these ids; an empty list matches no run.'),
    type: texts(t, 'The creator is of exactly one of these types; an empty list matches no run.'),
    isNull: t.boolean({
      description: 'true: no creator is known; false: one is, even one without an id or a type.',
    }),
  }),
});

/** Which runs: the one filter of the whole API. */
export const FlowRunFilter = builder.inputType('FlowRunFilter', {
  description:
    'Which runs. A group that is absent or empty is ignored; if no group is left, every run matches.',
  fields: t => ({
    operator: t.field({
      type: FilterOperator,
      required: true,
      defaultValue: 'AND',
      description: 'How the groups come together.',
    }),
    id: t.field({ type: Id, description: 'By id.' }),
    name: t.field({ type: Name, description: 'By name.' }),
    tags: t.field({ type: Tags, description: 'By tags.' }),
    deploymentId: t.field({ type: DeploymentId, description: 'By deployment.' }),
    workQueueName: t.field({ type: WorkQueueName, description: 'By work queue.' }),
    state: t.field({ type: State, description: 'By the state that a run is in.' }),
    flowVersion: t.field({ type: FlowVersion, description: 'By the version of the flow.' }),
    startTime: t.field({ type: StartTime, description: 'By start time, else expected start time.' }),
    endTime: t.field({ type: EndTime, description: 'By end time.' }),
    expectedStartTime: t.field({ type: ExpectedStartTime, description: 'By expected start time.' }),
    nextScheduledStartTime: t.field({
      type: NextScheduledStartTime,
      description: 'By next scheduled start time.',
    }),
    parentFlowRunId: t.field({ type: ParentFlowRunId, description: 'By the flow run above.' }),
    parentTaskRunId: t.field({ type: ParentTaskRunId, description: 'By the parent task run.' }),
    idempotencyKey: t.field({ type: IdempotencyKey, description: 'By idempotency key.' }),
    createdBy: t.field({ type: CreatedBy, description: 'By who made the run.' }),
  }),
});
