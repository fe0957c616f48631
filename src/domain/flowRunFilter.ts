import type { Instant } from './instant';
import type { StateType } from './state';

/** How conditions, or groups of them, come together. */
export type FilterOperator = 'AND' | 'OR';

type Maybe<Value> = Value | null | undefined;
type Values = Maybe<readonly string[]>;

/** Which runs: every group and condition that is absent or null asks for nothing. Ids are lower case. */
export interface FlowRunFilter {
  operator?: Maybe<FilterOperator>;
  id?: Maybe<{ any?: Values; notAny?: Values }>;
  name?: Maybe<{ any?: Values; like?: Maybe<string> }>;
  tags?: Maybe<{ operator?: Maybe<FilterOperator>; all?: Values; any?: Values; isNull?: Maybe<boolean> }>;
  deploymentId?: Maybe<{ operator?: Maybe<FilterOperator>; any?: Values; isNull?: Maybe<boolean> }>;
  workQueueName?: Maybe<{ operator?: Maybe<FilterOperator>; any?: Values; isNull?: Maybe<boolean> }>;
  state?: Maybe<{
    operator?: Maybe<FilterOperator>;
    type?: Maybe<{ any?: Maybe<readonly StateType[]>; notAny?: Maybe<readonly StateType[]> }>;
    name?: Maybe<{ any?: Values; notAny?: Values }>;
  }>;
  flowVersion?: Maybe<{ any?: Values }>;
  startTime?: Maybe<{ before?: Maybe<Instant>; after?: Maybe<Instant>; isNull?: Maybe<boolean> }>;
  endTime?: Maybe<{ before?: Maybe<Instant>; after?: Maybe<Instant>; isNull?: Maybe<boolean> }>;
  expectedStartTime?: Maybe<{ before?: Maybe<Instant>; after?: Maybe<Instant> }>;
  nextScheduledStartTime?: Maybe<{ before?: Maybe<Instant>; after?: Maybe<Instant> }>;
  parentFlowRunId?: Maybe<{ operator?: Maybe<FilterOperator>; any?: Values }>;
  parentTaskRunId?: Maybe<{ operator?: Maybe<FilterOperator>; any?: Values; isNull?: Maybe<boolean> }>;
  idempotencyKey?: Maybe<{ any?: Values; notAny?: Values }>;
  createdBy?: Maybe<{
    operator?: Maybe<FilterOperator>;
    id?: Values;
    type?: Values;
    isNull?: Maybe<boolean>;
  }>;
}
