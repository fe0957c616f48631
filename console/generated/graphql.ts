/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How conditions are combined. */
export type FilterOperator =
  /** All must hold. */
  | 'AND'
  /** One must hold. */
  | 'OR';

/** Which runs. A group that is absent or empty is ignored; if no group is left, every run matches. */
export type FlowRunFilter = {
  /** By who made the run. */
  createdBy?: FlowRunFilterCreatedBy | null | undefined;
  /** By deployment. */
  deploymentId?: FlowRunFilterDeploymentId | null | undefined;
  /** By end time. */
  endTime?: FlowRunFilterEndTime | null | undefined;
  /** By expected start time. */
  expectedStartTime?: FlowRunFilterExpectedStartTime | null | undefined;
  /** By the version of the flow. */
  flowVersion?: FlowRunFilterFlowVersion | null | undefined;
  /** By id. */
  id?: FlowRunFilterId | null | undefined;
  /** By idempotency key. */
  idempotencyKey?: FlowRunFilterIdempotencyKey | null | undefined;
  /** By name. */
  name?: FlowRunFilterName | null | undefined;
  /** By next scheduled start time. */
  nextScheduledStartTime?: FlowRunFilterNextScheduledStartTime | null | undefined;
  /** How the groups are combined. */
  operator?: FilterOperator;
  /** By the flow run above. */
  parentFlowRunId?: FlowRunFilterParentFlowRunId | null | undefined;
  /** By the parent task run. */
  parentTaskRunId?: FlowRunFilterParentTaskRunId | null | undefined;
  /** By start time, else expected start time. */
  startTime?: FlowRunFilterStartTime | null | undefined;
  /** By the state that a run is in. */
  state?: FlowRunFilterState | null | undefined;
  /** By tags. */
  tags?: FlowRunFilterTags | null | undefined;
  /** By work queue. */
  workQueueName?: FlowRunFilterWorkQueueName | null | undefined;
};

/** By who made the run. */
export type FlowRunFilterCreatedBy = {
  /** The creator has one of these ids; an empty list matches no run. */
  id?: Array<string | number> | null | undefined;
  /** true: no creator is known; false: one is, even one without an id or a type. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
  /** The creator is of exactly one of these types; an empty list matches no run. */
  type?: Array<string> | null | undefined;
};

/** By deployment. */
export type FlowRunFilterDeploymentId = {
  /** Is one of these; an empty list matches no run. */
  any?: Array<string | number> | null | undefined;
  /** true: has no deployment; false: has one. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By end time. */
export type FlowRunFilterEndTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
  /** true: has no end time; false: has one. */
  isNull?: boolean | null | undefined;
};

/** By expected start time. */
export type FlowRunFilterExpectedStartTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
};

/** By the version of the flow. */
export type FlowRunFilterFlowVersion = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches no run. */
  any?: Array<string> | null | undefined;
};

/** By id. */
export type FlowRunFilterId = {
  /** Is one of these; an empty list matches no run. */
  any?: Array<string | number> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string | number> | null | undefined;
};

/** By idempotency key. */
export type FlowRunFilterIdempotencyKey = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches no run. */
  any?: Array<string> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string> | null | undefined;
};

/** By name. */
export type FlowRunFilterName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches no run. */
  any?: Array<string> | null | undefined;
  /** Holds this text, in whatever case; `%` and `_` are ordinary characters. */
  like?: string | null | undefined;
};

/** By next scheduled start time. */
export type FlowRunFilterNextScheduledStartTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
};

/** By the flow run that owns the parent task run. */
export type FlowRunFilterParentFlowRunId = {
  /** Is one of these; an empty list matches no run. */
  any?: Array<string | number> | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By the parent task run. */
export type FlowRunFilterParentTaskRunId = {
  /** Is one of these; an empty list matches no run. */
  any?: Array<string | number> | null | undefined;
  /** true: is not a subflow; false: is one. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By start time, or by expected start time if there is no start time. */
export type FlowRunFilterStartTime = {
  /** It is at or after this instant. */
  after?: string | null | undefined;
  /** It is at or before this instant. */
  before?: string | null | undefined;
  /** true: has no start time; false: has one. Expected start time does not count here. */
  isNull?: boolean | null | undefined;
};

/** By the state that a run is in. */
export type FlowRunFilterState = {
  /** By its name. */
  name?: FlowRunFilterStateName | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
  /** By its type. */
  type?: FlowRunFilterStateType | null | undefined;
};

/** By the name of the state. */
export type FlowRunFilterStateName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches no run. */
  any?: Array<string> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<string> | null | undefined;
};

/** By the type of the state. */
export type FlowRunFilterStateType = {
  /** Is one of these; an empty list matches no run. */
  any?: Array<StateType> | null | undefined;
  /** Has a value, and it is none of these. An empty list is ignored. */
  notAny?: Array<StateType> | null | undefined;
};

/** By tags. */
export type FlowRunFilterTags = {
  /** Has all of these. */
  all?: Array<string> | null | undefined;
  /** Has one of these; an empty list matches no run. */
  any?: Array<string> | null | undefined;
  /** true: has no tags; false: has some. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** By the name of the work queue. */
export type FlowRunFilterWorkQueueName = {
  /** Is exactly one of these: case, accents and trailing spaces count. An empty list matches no run. */
  any?: Array<string> | null | undefined;
  /** true: has no work queue; false: has one. */
  isNull?: boolean | null | undefined;
  /** How the conditions of this group are combined. */
  operator?: FilterOperator;
};

/** The order of runs; ties are broken by id, newest first. */
export type FlowRunSort =
  /** By end time; nulls first. */
  | 'END_TIME_DESC'
  /** By expected start time; nulls last. */
  | 'EXPECTED_START_TIME_ASC'
  /** By expected start time; nulls first. */
  | 'EXPECTED_START_TIME_DESC'
  /** Newest first. */
  | 'ID_DESC'
  /** By name, in the order of code points. */
  | 'NAME_ASC'
  /** By name, in descending order of code points. */
  | 'NAME_DESC'
  /** By next scheduled start time; nulls last. */
  | 'NEXT_SCHEDULED_START_TIME_ASC'
  /** By start time, or expected start time if there is none; nulls last. */
  | 'START_TIME_ASC'
  /** By start time, or expected start time if there is none; nulls first. */
  | 'START_TIME_DESC';

/** The type of a state. COMPLETED, FAILED, CANCELLED and CRASHED are terminal. */
export type StateType =
  /** The run was cancelled and has stopped. */
  | 'CANCELLED'
  /** The run is to be cancelled; its worker has yet to stop it. */
  | 'CANCELLING'
  /** The run ended successfully. */
  | 'COMPLETED'
  /** The run ended because its process or machine failed. */
  | 'CRASHED'
  /** The run ended with an error of its own code. */
  | 'FAILED'
  /** The run waits until it is resumed. */
  | 'PAUSED'
  /** A worker has taken the run and prepares its start. */
  | 'PENDING'
  /** The code of the run is executing. */
  | 'RUNNING'
  /** The run starts at its scheduled time, once a worker takes it. */
  | 'SCHEDULED';

export type RunRowFragment = { id: string, name: string, workQueueName: string | null, tags: Array<string>, stateType: StateType | null, stateName: string | null, stateTimestamp: string | null, runCount: number, startTime: string | null, endTime: string | null, expectedStartTime: string | null, totalRunTime: number, flow: { id: string, name: string }, deployment: { id: string, name: string } | null, state: { message: string | null } | null };

export type RunsPageQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
  sort: FlowRunSort;
  first: number;
  after?: string | null | undefined;
}>;


export type RunsPageQuery = { flowRuns: { nodes: Array<{ id: string, name: string, workQueueName: string | null, tags: Array<string>, stateType: StateType | null, stateName: string | null, stateTimestamp: string | null, runCount: number, startTime: string | null, endTime: string | null, expectedStartTime: string | null, totalRunTime: number, flow: { id: string, name: string }, deployment: { id: string, name: string } | null, state: { message: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RunsCountQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
}>;


export type RunsCountQuery = { flowRunCount: number };

export type RunStateCountsQueryVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
}>;


export type RunStateCountsQuery = { flowRunStateCounts: Array<{ stateType: StateType | null, count: number }> };

export type RunsChangedSubscriptionVariables = Exact<{
  filter?: FlowRunFilter | null | undefined;
}>;


export type RunsChangedSubscription = { flowRunStateChanged: { flowRun: { id: string, name: string, workQueueName: string | null, tags: Array<string>, stateType: StateType | null, stateName: string | null, stateTimestamp: string | null, runCount: number, startTime: string | null, endTime: string | null, expectedStartTime: string | null, totalRunTime: number, flow: { id: string, name: string }, deployment: { id: string, name: string } | null, state: { message: string | null } | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RunRowFragmentDoc = new TypedDocumentString(`
    fragment RunRow on FlowRun {
  id
  name
  flow {
    id
    name
  }
  deployment {
    id
    name
  }
  workQueueName
  tags
  stateType
  stateName
  stateTimestamp
  state {
    message
  }
  runCount
  startTime
  endTime
  expectedStartTime
  totalRunTime
}
    `, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const RunsPageDocument = new TypedDocumentString(`
    query RunsPage($filter: FlowRunFilter, $sort: FlowRunSort!, $first: Int!, $after: String) {
  flowRuns(filter: $filter, sort: $sort, first: $first, after: $after) {
    nodes {
      ...RunRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment RunRow on FlowRun {
  id
  name
  flow {
    id
    name
  }
  deployment {
    id
    name
  }
  workQueueName
  tags
  stateType
  stateName
  stateTimestamp
  state {
    message
  }
  runCount
  startTime
  endTime
  expectedStartTime
  totalRunTime
}`) as unknown as TypedDocumentString<RunsPageQuery, RunsPageQueryVariables>;
export const RunsCountDocument = new TypedDocumentString(`
    query RunsCount($filter: FlowRunFilter) {
  flowRunCount(filter: $filter)
}
    `) as unknown as TypedDocumentString<RunsCountQuery, RunsCountQueryVariables>;
export const RunStateCountsDocument = new TypedDocumentString(`
    query RunStateCounts($filter: FlowRunFilter) {
  flowRunStateCounts(filter: $filter) {
    stateType
    count
  }
}
    `) as unknown as TypedDocumentString<RunStateCountsQuery, RunStateCountsQueryVariables>;
export const RunsChangedDocument = new TypedDocumentString(`
    subscription RunsChanged($filter: FlowRunFilter) {
  flowRunStateChanged(filter: $filter) {
    flowRun {
      ...RunRow
    }
  }
}
    fragment RunRow on FlowRun {
  id
  name
  flow {
    id
    name
  }
  deployment {
    id
    name
  }
  workQueueName
  tags
  stateType
  stateName
  stateTimestamp
  state {
    message
  }
  runCount
  startTime
  endTime
  expectedStartTime
  totalRunTime
}`) as unknown as TypedDocumentString<RunsChangedSubscription, RunsChangedSubscriptionVariables>;