import type { FilterOperator } from './flowRunFilter';

/** Which flows: a condition that is absent, null or empty in `notAny` is ignored. Ids are lower case. */
export interface FlowFilter {
  operator?: FilterOperator | null;
  id?: { any?: readonly string[] | null; notAny?: readonly string[] | null } | null;
  name?: { any?: readonly string[] | null } | null;
}
