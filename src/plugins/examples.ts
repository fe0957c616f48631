/** A query to try, as a tab of the page at /graphql. It holds its values itself: the page forgets the variables of its tabs. */
export interface Example {
  readonly query: string;
}

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

const cancelLateRuns = `input: {
      state: { type: CANCELLED, message: "No longer needed" }
      flowRuns: { state: { name: { any: ["Late"] } } }
      limit: 50
    }`;

/** The queries that the page at /graphql opens with. */
export const examples: readonly Example[] = [
  {
    query: `# Finds runs: here those that failed, newest first.
query FindRuns {
  flowRuns(filter: { state: { type: { any: [FAILED, CRASHED] } } }, first: 20) {
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
  },
  {
    query: `# Tells what setting the state would do to each run. Nothing is written.
query PreviewSetState {
  previewBulkSetFlowRunState(
    ${cancelLateRuns}
  ) {
    ${results}
  }
}
`,
  },
  {
    query: `# Sets the state of up to 50 runs, and tells run by run what was decided and why.
mutation SetState {
  bulkSetFlowRunState(
    ${cancelLateRuns}
  ) {
    ${results}
  }
}
`,
  },
  {
    query: `# Shows every state that is set from now on.
subscription WatchChanges {
  flowRunStateChanged(filter: { state: { type: { any: [CANCELLED, SCHEDULED] } } }) {
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
  },
];
