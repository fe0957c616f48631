/** A query to try, as a tab of the page at /graphql. */
export interface Example {
  readonly query: string;
  readonly variables: string;
}

const example = (query: string, variables: unknown): Example => ({
  query,
  variables: JSON.stringify(variables, null, 2),
});

const results = `results {
      flowRunId
      status
      details {
        __typename
        ... on StateAcceptDetails {
          type
        }
        ... on StateRejectDetails {
          type
          reason
          code
        }
        ... on StateAbortDetails {
          type
          reason
          code
        }
        ... on StateWaitDetails {
          type
          reason
          code
          delaySeconds
        }
      }
      state {
        type
        name
        timestamp
      }
    }`;

const cancelLateRuns = {
  input: {
    state: { type: 'CANCELLED', message: 'No longer needed' },
    flowRuns: { state: { name: { any: ['Late'] } } },
    limit: 50,
  },
};

/** The queries that the page at /graphql opens with. */
export const examples: readonly Example[] = [
  example(
    `# Finds runs: here those that wait to run, newest first.
query FindRuns($filter: FlowRunFilter) {
  flowRuns(filter: $filter, first: 20) {
    totalCount
    nodes {
      id
      name
      tags
      stateType
      stateName
      expectedStartTime
      flow {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    { filter: { state: { type: { any: ['SCHEDULED', 'PENDING'] } } } },
  ),
  example(
    `# Tells what setting the state would do to each run. Nothing is written.
query PreviewSetState($input: BulkSetFlowRunStateInput!) {
  previewBulkSetFlowRunState(input: $input) {
    ${results}
  }
}
`,
    cancelLateRuns,
  ),
  example(
    `# Sets the state of up to 50 runs, and tells run by run what was decided and why.
mutation SetState($input: BulkSetFlowRunStateInput!) {
  bulkSetFlowRunState(input: $input) {
    ${results}
  }
}
`,
    cancelLateRuns,
  ),
  example(
    `# Shows every state that is set from now on.
subscription WatchChanges($filter: FlowRunFilter) {
  flowRunStateChanged(filter: $filter) {
    flowRun {
      id
      name
    }
    previousState {
      type
      name
    }
    state {
      type
      name
      timestamp
    }
  }
}
`,
    { filter: {} },
  ),
];
