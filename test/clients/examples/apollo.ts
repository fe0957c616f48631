import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';

export function createApolloClient(url: string, key: string): ApolloClient {
  const authorization = `Bearer ${key}`;
  const socket = createClient({ url: url.replace(/^http/, 'ws'), connectionParams: { authorization } });
  return new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url, headers: { authorization } }),
    ),
    cache: new InMemoryCache({
      possibleTypes: { Node: ['BulkOperation', 'Deployment', 'Flow', 'FlowRun'] },
      typePolicies: {
        Query: { fields: { flowRuns: relayStylePagination(['filter', 'sort']) } },
        BulkOperation: { fields: { items: relayStylePagination(['status', 'code', 'flowRunId']) } },
      },
    }),
  });
}

export const failedRuns = gql`
  query FailedRuns($after: String) {
    flowRuns(filter: { state: { type: { any: [FAILED] } } }, first: 20, after: $after) {
      edges { cursor node { id name } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

export const startOperation = gql`
  mutation StartOperation($input: BulkOperationInput!) {
    startBulkOperation(input: $input) {
      ... on BulkOperation { id status }
      ... on BulkOperationRefused { code message }
    }
  }
`;

export const operationProgress = gql`
  subscription OperationProgress($id: ID!) {
    bulkOperationProgress(id: $id) { id status counts { pending accepted rejected } }
  }
`;
