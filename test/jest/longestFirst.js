const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take more than 20 s, longest first: the last one to start holds up the end of the whole run. */
const longest = [
  'conformance/conformance',
  'outages',
  'fuzz/fuzz',
  'operations/properties',
  'transitions/leaveHeldRuns',
  'deployment/processes',
  'unusualServers',
  'operations/worker/planBatch',
  'operations/worker/waitingRuns',
  'console/runs',
  'operations/worker/brakes',
  'operations/selection/selectNextPage',
  'operations/queries/findBulkOperations',
  'chaos/chaos',
  'operations/worker/runBatch',
  'operations/selection/addSubflows',
  'operations/worker/networkFaults',
  'networkFaults',
  'main',
  'soak/soak',
  'operations/worker/lockedRows',
  'operations/queries/watchBulkOperation',
  'flowRuns/statementCounts',
  'http/sockets/httpServer',
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
