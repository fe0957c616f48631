import type { FlowRunFilter, FlowRunSort, RunsPageQueryVariables } from '../../generated/graphql';

const pageSize = 50;

/** What a list of runs asks for. */
export interface RunsRequest {
  readonly filter: FlowRunFilter;
  readonly sort: FlowRunSort;
}

/** The variables of a page of runs, which begins after a cursor; null: the first page. */
export const pageVariables = (request: RunsRequest, after: string | null): RunsPageQueryVariables => ({
  ...request,
  first: pageSize,
  after,
});
