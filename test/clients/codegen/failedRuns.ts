import type { Client } from '@urql/core';
import {
  FailedRunsDocument,
  type FailedRunsQuery,
  type FailedRunsQueryVariables,
  RerunFailedRunsDocument,
} from './gql/graphql';

type FailedRun = FailedRunsQuery['flowRuns']['nodes'][number];

/** Yields the failed runs of a flow, newest first. */
export async function* failedRuns(client: Client, flow: string): AsyncGenerator<FailedRun> {
  const variables: FailedRunsQueryVariables = { flow };
  for (;;) {
    const { data, error } = await client.query(FailedRunsDocument, variables);
    if (!data) throw error;
    yield* data.flowRuns.nodes;
    const { endCursor, hasNextPage } = data.flowRuns.pageInfo;
    if (!hasNextPage) return;
    variables.after = endCursor;
  }
}

/** Starts an operation that reruns the failed runs of a flow, and returns its id. */
export async function rerunFailedRuns(client: Client, flow: string, reason: string): Promise<string> {
  const { data, error } = await client.mutation(RerunFailedRunsDocument, { flow, reason });
  if (!data) throw error;
  const result = data.startBulkOperation;
  if (result.__typename === 'BulkOperationRefused') throw new Error(`${result.code}: ${result.message}`);
  return result.id;
}
