const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take more than 20 s, longest first: the last one to start holds up the end of the whole run. */
const longest = [
  'operations/worker/sending/sendBatch',
  'outages',
  'attach',
  'upstream/kills',
  'upstream/mirror/startMirror',
  'conformance/conformance',
  'conformance/attached/attached',
  'console/operations',
  'demo/attached',
  'upstream/mirror/faults',
  'upstream/executor/operations',
  'fuzz/fuzz',
  'console/runs',
  'operations/commands/undoBulkOperation',
  'operations/worker/brakes',
  'transitions/leaveHeldRuns',
  'unusualServers',
  'upstream/executor/races',
  'deployment/processes',
  'operations/selection/addSubflows',
  'cli/migrate',
  'operations/queries/slowReaders',
  'operations/selection/selectNextPage',
  'operations/worker/decideInTransaction',
  'upstream/plans',
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
