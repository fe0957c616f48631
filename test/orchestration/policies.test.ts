import { stateTypes } from '../../src/domain/state';
import { corePolicy, markLatePolicy, minimalPolicy } from '../../src/orchestration/policies';
import { needsConcurrency } from '../../src/orchestration/rule';

const names = (policy: typeof corePolicy) => policy.map(({ name }) => name);

test('the core policy has seventeen rules, in this order', () => {
  expect(names(corePolicy)).toEqual([
    'PreserveDeploymentConcurrencyLeaseId',
    'PreventDuplicateTransitions',
    'HandleFlowTerminalStateTransitions',
    'EnforceCancellingToCancelledTransition',
    'BypassCancellingFlowRunsWithNoInfra',
    'PreventPendingTransitions',
    'ValidateDeploymentConcurrencyAtRunning',
    'SecureFlowConcurrencySlots',
    'RemoveDeploymentConcurrencyLeaseForOldClientVersions',
    'EnsureOnlyScheduledFlowsMarkedLate',
    'HandlePausingFlows',
    'HandleResumingPausedFlows',
    'CopyScheduledTime',
    'WaitForScheduledTime',
    'RetryFailedFlows',
    'InstrumentFlowRunStateTransitions',
    'ReleaseFlowConcurrencySlots',
  ]);
});

test('the minimal policy has four of them', () => {
  expect(names(minimalPolicy)).toEqual([
    'HandleFlowTerminalStateTransitions',
    'BypassCancellingFlowRunsWithNoInfra',
    'InstrumentFlowRunStateTransitions',
    'ReleaseFlowConcurrencySlots',
  ]);
});

test('the policy for late runs has two rules of its own and two of the core policy', () => {
  expect(names(markLatePolicy)).toEqual([
    'EnsureOnlyScheduledFlowsMarkedLate',
    'EnforceDeploymentConcurrencyOnLate',
    'KeepScheduledTimeOfLateRuns',
    'InstrumentFlowRunStateTransitions',
  ]);
});

test.each([
  ['core', corePolicy],
  ['minimal', minimalPolicy],
  ['late', markLatePolicy],
])('the %s policy and its rules are frozen', (_name, policy) => {
  expect([policy, ...policy].every(part => Object.isFrozen(part))).toBe(true);
});

const pairsThatNeedConcurrency = (policy: typeof corePolicy) =>
  [null, ...stateTypes].flatMap(from =>
    stateTypes.filter(to => needsConcurrency(policy, from, to)).map(to => `${from} ${to}`),
  );

const leavingASlot = ['PENDING', 'RUNNING', 'CANCELLING'].flatMap(from =>
  ['SCHEDULED', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'PAUSED'].map(to => `${from} ${to}`),
);

test('only rules that take, validate or free a slot, or end a lease, need concurrency', () => {
  const taking = ['null', 'SCHEDULED', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'PAUSED'].map(
    from => `${from} PENDING`,
  );
  const expected = [...taking, 'PENDING RUNNING', 'PENDING CANCELLING', ...leavingASlot];
  expect(pairsThatNeedConcurrency(corePolicy).sort()).toEqual(expected.sort());
});

test('by force only the rule that frees a slot needs concurrency', () => {
  expect(pairsThatNeedConcurrency(minimalPolicy).sort()).toEqual([...leavingASlot].sort());
});
