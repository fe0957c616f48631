/**
 * An example query for a tab of GraphiQL. It contains its values, because GraphiQL does not store the variables of
 * tabs.
 */
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

const rerunFailedRuns = `input: {
      state: { type: SCHEDULED, message: "Rerun after the outage" }
      flowRuns: { state: { type: { any: [FAILED, CRASHED] } } }
      runsPerSecond: 200
      reason: "The warehouse was down"
    }`;

const operationOrRefusal = `... on BulkOperation {
      id
      status
    }
    ... on BulkOperationRefused {
      code
      message
      matched
    }`;

/** A valid id of no operation. */
const someId = '00000000-0000-7000-8000-000000000000';

/** The queries that GraphiQL opens with. */
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
    query: `# Shows what setting the state would do to each run. Nothing is written.
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
    query: `# Sets the state of up to 50 runs, and shows run by run what was decided and why.
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
  {
    query: `# Plans an operation over any number of runs: each is decided by the rules, and nothing is written.
# ListOperations shows what the plan predicts once it is PLANNED; StartPlanned starts it.
mutation PlanOperation {
  planBulkOperation(
    ${rerunFailedRuns}
  ) {
    ${operationOrRefusal}
  }
}
`,
  },
  {
    query: `# Starts what was planned. Put the plan's id in the place of this one.
mutation StartPlanned {
  startPlannedBulkOperation(id: "${someId}") {
    ${operationOrRefusal}
  }
}
`,
  },
  {
    query: `# Starts an operation over any number of runs without a plan. runsPerSecond may be changed while it runs.
mutation StartOperation {
  startBulkOperation(
    ${rerunFailedRuns}
  ) {
    ${operationOrRefusal}
  }
}
`,
  },
  {
    query: `# Shows an operation whenever it moves, to its end. Put its id in the place of this one.
subscription WatchOperation {
  bulkOperationProgress(id: "${someId}") {
    status
    counts {
      matched
      pending
      accepted
      rejected
      aborted
      waiting
      skipped
    }
    estimatedSecondsLeft
  }
}
`,
  },
  {
    query: `# Lists the operations there are, newest first, with their outcomes and what was not accepted.
query ListOperations {
  bulkOperations(first: 5) {
    nodes {
      id
      status
      reason
      actor
      created
      outcomes {
        status
        code
        count
        sample {
          id
          name
        }
      }
      items(status: [REJECT, ABORT], first: 5) {
        totalCount
        nodes {
          flowRunId
          code
          reason
          planned {
            status
            code
          }
        }
      }
    }
  }
}
`,
  },
  {
    query: `# Puts back the state that each run had before an operation that has ended. Put its id in the place of this one.
mutation UndoOperation {
  undoBulkOperation(id: "${someId}", reason: "It was the wrong night") {
    ${operationOrRefusal}
  }
}
`,
  },
];
