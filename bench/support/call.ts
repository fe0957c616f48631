import type { Agent } from 'node:http';
import { send } from './process';

const query = `mutation Move($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) {
    results {
      flowRunId
      status
      details { __typename ... on StateAcceptDetails { type } ... on StateDeclinedDetails { code reason } }
      state { id type name timestamp message }
    }
  }
}`;

/** How many runs a call moves. */
export const runsInCall = 50;

/** What is asked of the runs of a call: to be moved, or what the rules decline for every one of them. */
export const proposals = {
  accepted: {
    state: { type: 'CANCELLING', name: 'Cancelling', message: 'Stopped by hand.' },
    status: 'ACCEPT',
  },
  declined: { state: { type: 'PENDING', name: 'Pending' }, status: 'ABORT' },
} as const;
export type Outcome = keyof typeof proposals;

interface Answer {
  data?: { bulkSetFlowRunState: { results: { status: string }[] } } | null;
  errors?: { message: string }[];
}

/** Sends the main job for these runs, and makes sure that each came out as it should. */
export async function callMainJob(
  agent: Agent,
  port: number,
  ids: readonly string[],
  outcome: Outcome,
): Promise<void> {
  const { state, status } = proposals[outcome];
  const flowRuns = { id: { any: ids }, state: { type: { any: ['RUNNING'] } } };
  const body = { query, variables: { input: { flowRuns, limit: runsInCall, state } } };
  const { data, errors } = await send<Answer>(agent, port, '/graphql', body);
  if (errors) throw new Error(JSON.stringify(errors));
  const results = data?.bulkSetFlowRunState.results ?? [];
  const wrong = results.find(result => result.status !== status);
  if (results.length !== ids.length || wrong)
    throw new Error(`${results.length} results, not all ${status}: ${JSON.stringify(wrong)}`);
}
