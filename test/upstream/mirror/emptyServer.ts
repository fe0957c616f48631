import { once } from 'node:events';
import { createUnreadableRuns } from '../../../src/upstream/client/unreadableRuns';
import type { FlowRunPage, UpstreamClient } from '../../../src/upstream/client/upstreamClient';

/** A page without runs. */
export const emptyPage = (): FlowRunPage => ({
  rows: [],
  unreadable: [],
  count: 0,
  received: performance.now(),
  characters: 0,
});

const nothingThere = async () => {
  throw new Error('there is nothing in this server');
};

/** A Prefect server without flows, deployments and runs, except for the calls that a test gives. */
export const emptyServer = (calls: Partial<UpstreamClient> = {}): UpstreamClient => ({
  address: 'http://empty:4200/api',
  readVersion: async () => '3.8.8',
  isReceiving: () => false,
  unreadable: createUnreadableRuns(() => undefined),
  findFlowRuns: async () => emptyPage(),
  findFlowRunsByIds: async () => emptyPage(),
  countFlowRuns: async () => 0,
  findStates: async () => null,
  findFlows: async () => ({ rows: [], unreadable: [] }),
  findDeployments: async () => ({ rows: [], unreadable: [] }),
  findTaskRuns: async () => ({ rows: [], unreadable: [] }),
  countByInterval: async () => [],
  setGuardedState: nothingThere,
  deleteFlowRun: async () => false,
  sendProbe: async () => undefined,
  async *findEvents() {},
  async *watchEvents(_since, signal) {
    if (!signal.aborted) await once(signal, 'abort');
    yield* [];
  },
  close: async () => undefined,
  ...calls,
});
