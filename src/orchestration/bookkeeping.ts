import type { FlowRunPolicy, StateColumns, TaskRun } from '../domain/flowRun';
import type { FlowRunId, StateId, TaskRunId } from '../domain/identifiers';
import { addMicroseconds, type Instant, secondsBetween, toMicroseconds } from '../domain/instant';
import {
  isTerminal,
  isUnpersistedData,
  type ProposedState,
  type State,
  type StateAuthor,
} from '../domain/state';

/** The first instant from `now` on that no other state of the run has. */
export function freeTimestamp(now: Instant, current: Instant | null, later: readonly Instant[]): Instant {
  let timestamp = now;
  while (timestamp === current || later.includes(timestamp)) timestamp = addMicroseconds(timestamp, 1);
  return timestamp;
}

/**
 * The columns after a state is entered.
 *
 * @param countsAsStart whether entering RUNNING counts as a new attempt.
 */
export function columnsAfter(before: StateColumns, state: State, countsAsStart: boolean): StateColumns {
  const { type, timestamp, stateDetails } = state;
  const scheduledTime = type === 'SCHEDULED' ? (stateDetails.scheduledTime ?? null) : null;
  const isRunning = type === 'RUNNING';
  const after: StateColumns = {
    runCount: before.runCount,
    startTime: before.startTime,
    endTime: before.endTime,
    totalRunTime: before.totalRunTime,
    stateId: state.id,
    stateType: type,
    stateName: state.name,
    stateTimestamp: timestamp,
    expectedStartTime: before.expectedStartTime ?? scheduledTime ?? timestamp,
    nextScheduledStartTime:
      type === 'SCHEDULED'
        ? scheduledTime
        : before.stateType === 'SCHEDULED'
          ? null
          : before.nextScheduledStartTime,
  };
  if (isRunning) after.startTime ??= timestamp;
  if (isRunning && countsAsStart) after.runCount += 1;
  if (before.stateType === 'RUNNING' && before.stateTimestamp !== null) {
    after.totalRunTime = toMicroseconds(
      before.totalRunTime + secondsBetween(before.stateTimestamp, timestamp),
    );
  }
  if (!isTerminal(type)) {
    if (isTerminal(before.stateType)) after.endTime = null;
    return after;
  }
  if (after.endTime === null) {
    after.endTime = timestamp;
    after.startTime ??= timestamp;
  }
  return after;
}

/** The policy after a state is entered: a run that is RUNNING or has ended no longer resumes. */
export const policyAfter = (policy: FlowRunPolicy, state: State): FlowRunPolicy =>
  policy.resuming && (state.type === 'RUNNING' || isTerminal(state.type))
    ? { ...policy, resuming: false }
    : policy;

/** The owner of a state. */
interface StateOwner {
  id: FlowRunId;
  parentTaskRunId: TaskRunId | null;
}

/** A proposed state with its owner, and with the data of the response. */
export function stateOf(
  proposed: ProposedState,
  owner: StateOwner,
  author: StateAuthor,
  id: StateId,
  timestamp: Instant,
): State {
  const { type, name, message, data } = proposed;
  const { id: flowRunId, parentTaskRunId: taskRunId } = owner;
  return {
    id,
    type,
    name,
    timestamp,
    message,
    data,
    stateDetails: { ...proposed.stateDetails, flowRunId, ...(taskRunId !== null && { taskRunId }) },
    ...author,
  };
}

/** A state with its data as stored: unpersisted data is removed. */
export const stored = (state: State): State =>
  isUnpersistedData(state.data) ? { ...state, data: null } : state;

/** The first state of a run that is created with one, with the resulting columns and policy. */
export function firstTransition(
  run: StateColumns & StateOwner & { policy: FlowRunPolicy },
  proposed: ProposedState,
  author: StateAuthor,
  id: StateId,
  now: Instant,
): { state: State; columns: StateColumns; policy: FlowRunPolicy } {
  const state = stored(stateOf(proposed, run, author, id, now));
  const { policy } = run;
  return { state, columns: columnsAfter(run, state, !policy.resuming), policy: policyAfter(policy, state) };
}

/** The first state of a task run that is created with one, with the resulting columns. */
export function firstTaskRunTransition(
  taskRun: StateColumns & Pick<TaskRun, 'id' | 'flowRunId'>,
  proposed: ProposedState,
  author: StateAuthor,
  id: StateId,
  now: Instant,
): { state: State; columns: StateColumns } {
  const { id: taskRunId, flowRunId } = taskRun;
  const stateDetails = { ...proposed.stateDetails, flowRunId: flowRunId ?? undefined, taskRunId };
  const state = stored({ ...proposed, ...author, id, timestamp: now, stateDetails });
  return { state, columns: columnsAfter(taskRun, state, true) };
}
