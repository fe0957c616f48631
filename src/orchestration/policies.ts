import type { Policy } from './rule';
import { bypassCancellingFlowRunsWithNoInfra } from './rules/bypassCancellingFlowRunsWithNoInfra';
import { copyScheduledTime } from './rules/copyScheduledTime';
import { enforceCancellingToCancelledTransition } from './rules/enforceCancellingToCancelledTransition';
import { enforceDeploymentConcurrencyOnLate } from './rules/enforceDeploymentConcurrencyOnLate';
import { ensureOnlyScheduledFlowsMarkedLate } from './rules/ensureOnlyScheduledFlowsMarkedLate';
import {
  handleFlowTerminalStateTransitions,
  preserveTerminalResult,
} from './rules/handleFlowTerminalStateTransitions';
import { handlePausingFlows } from './rules/handlePausingFlows';
import { handleResumingPausedFlows } from './rules/handleResumingPausedFlows';
import { instrumentFlowRunStateTransitions } from './rules/instrumentFlowRunStateTransitions';
import { keepScheduledTimeOfLateRuns } from './rules/keepScheduledTimeOfLateRuns';
import { preserveDeploymentConcurrencyLeaseId } from './rules/preserveDeploymentConcurrencyLeaseId';
import { preventDuplicateTransitions } from './rules/preventDuplicateTransitions';
import { preventPendingTransitions } from './rules/preventPendingTransitions';
import { releaseFlowConcurrencySlots } from './rules/releaseFlowConcurrencySlots';
import { removeDeploymentConcurrencyLeaseForOldClientVersions } from './rules/removeDeploymentConcurrencyLeaseForOldClientVersions';
import { retryFailedFlows } from './rules/retryFailedFlows';
import { secureFlowConcurrencySlots } from './rules/secureFlowConcurrencySlots';
import { validateDeploymentConcurrencyAtRunning } from './rules/validateDeploymentConcurrencyAtRunning';
import { waitForScheduledTime } from './rules/waitForScheduledTime';

/** All rules, in the order in which they apply. */
export const corePolicy: Policy = Object.freeze([
  preserveDeploymentConcurrencyLeaseId,
  preventDuplicateTransitions,
  handleFlowTerminalStateTransitions,
  enforceCancellingToCancelledTransition,
  bypassCancellingFlowRunsWithNoInfra,
  preventPendingTransitions,
  validateDeploymentConcurrencyAtRunning,
  secureFlowConcurrencySlots,
  removeDeploymentConcurrencyLeaseForOldClientVersions,
  ensureOnlyScheduledFlowsMarkedLate,
  handlePausingFlows,
  handleResumingPausedFlows,
  copyScheduledTime,
  waitForScheduledTime,
  retryFailedFlows,
  instrumentFlowRunStateTransitions,
  releaseFlowConcurrencySlots,
]);

/** The rules for a caller who forces a state. */
export const minimalPolicy: Policy = Object.freeze([
  preserveTerminalResult,
  bypassCancellingFlowRunsWithNoInfra,
  instrumentFlowRunStateTransitions,
  releaseFlowConcurrencySlots,
]);

/** The policy for a forced or a normal transition. */
export const policyFor = (force: boolean): Policy => (force ? minimalPolicy : corePolicy);

/** The rules for runs that the late runs service marks late. */
export const markLatePolicy: Policy = Object.freeze([
  ensureOnlyScheduledFlowsMarkedLate,
  enforceDeploymentConcurrencyOnLate,
  keepScheduledTimeOfLateRuns,
  instrumentFlowRunStateTransitions,
]);
