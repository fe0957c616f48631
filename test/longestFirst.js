const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take more than 20 s, longest first: the last one to start holds up the end of the whole run. */
const longest = [
  'outages',
  'fuzz/fuzz',
  'operations/worker/brakes',
  'operations/properties',
  'transitions/leaveHeldRuns',
  'deployment/processes',
  'unusualServers',
  'chaos/chaos',
  'operations/worker/runBatch',
  'operations/selection/addSubflows',
  'operations/worker/networkFaults',
  'networkFaults',
  'main',
  'soak/soak',
  'operations/worker/planBatch',
  'operations/worker/waitingRuns',
  'operations/queries/watchBulkOperation',
  'operations/worker/lockedRows',
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
