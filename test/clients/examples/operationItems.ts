import { graphql } from 'relay-runtime';

export const operation = graphql`
  query operationItemsQuery($id: ID!) {
    bulkOperation(id: $id) { id status ...operationItems_operation }
  }
`;

export const items = graphql`
  fragment operationItems_operation on BulkOperation
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    status: { type: "[BulkOperationItemStatus!]" }
  )
  @refetchable(queryName: "operationItemsPageQuery") {
    items(first: $first, after: $after, status: $status)
      @connection(key: "operationItems_items", filters: ["status"]) {
      edges { node { id flowRunId status code } }
    }
  }
`;
