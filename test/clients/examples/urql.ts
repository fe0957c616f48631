import { Client, cacheExchange, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';

export function createUrqlClient(url: string, key: string): Client {
  const authorization = `Bearer ${key}`;
  const socket = createClient({ url: url.replace(/^http/, 'ws'), connectionParams: { authorization } });
  return new Client({
    url,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: sink => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });
}

export const failedRuns = gql`
  query FailedRuns($after: String) {
    flowRuns(filter: { state: { type: { any: [FAILED] } } }, first: 20, after: $after) {
      nodes { id name }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const setState = gql`
  mutation SetState($input: SetFlowRunStateInput!) {
    setFlowRunState(input: $input) { status flowRun { id state { type } } }
  }
`;

export const stateChanges = gql`
  subscription StateChanges($id: ID!) {
    flowRunStateChanged(filter: { id: { any: [$id] } }) { flowRun { id } state { type } }
  }
`;
