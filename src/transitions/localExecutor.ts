import { deleteFlowRuns } from '../persistence/flowRuns/flowRuns';
import type { Services } from './services';
import type { TransitionExecutor } from './transitionExecutor';
import { transitionFlowRuns } from './transitionFlowRuns';

/** Carries out everything in the gateway's own database, in the transaction that decides it. */
export const localExecutor: TransitionExecutor<Services> = {
  transition: transitionFlowRuns,
  deleteFlowRuns: ({ database }, ids, filter) => deleteFlowRuns(database, ids, filter),
  refusalOfProposal: () => null,
  refusalsOf: async () => new Map(),
  refusalOfChanges: null,
  checkPlanning: async () => undefined,
  refresh: async () => null,
  sender: null,
  attachedTo: null,
  reasonNotReady: null,
  readMirror: async () => null,
  completeHistories: async () => undefined,
};
