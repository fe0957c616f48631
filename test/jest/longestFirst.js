const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take more than 20 s, longest first: the last one to start holds up the end of the whole run. */
const longest = [
  'conformance/conformance',
  'operations/worker/sending/sendBatch',
  'upstream/kills',
  'console/runs',
  'demo/attached',
  'console/operations',
  'fuzz/fuzz',
  'unusualServers',
  'outages',
  'upstream/mirror/faults',
  'upstream/plans',
  'conformance/attached/attached',
  'deployment/processes',
  'transitions/leaveHeldRuns',
  'upstream/mirror/startMirror',
  'attach',
  'upstream/executor/operations',
  'operations/commands/undoBulkOperation',
  'operations/worker/brakes',
  'upstream/executor/races',
  'operations/selection/addSubflows',
  'cli/migrate',
  'operations/queries/slowReaders',
  'operations/selection/selectNextPage',
  'operations/worker/runBatch',
  'concurrentClients',
  'operations/properties',
  'console/faults',
  'networkFaults',
  'operations/worker/waitingRuns',
  'upstream/client/faults',
  'main',
  'http/graphql/cursors',
  'http/plugins/useExport',
  'operations/worker/networkFaults',
  'persistence/flowRuns/flowRunPages',
  'chaos/chaos',
  'cli/move',
  'persistence/filter/applyFlowRunFilter',
  'http/hostile/hostile',
  'soak/soak',
  'operations/queries/watchBulkOperation',
  'http/sockets/httpServer',
  'persistence/connection/serverConnection',
  'operations/worker/lockedRows',
].map(name => `/test/${name}.test.ts`);

/** Sorts test files by their duration as far as it is known, the others as Jest does. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = longest.findIndex(end => path.endsWith(end));
      return index === -1 ? longest.length : index;
    };
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
};
