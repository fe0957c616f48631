import type { BeforeTransition } from '../domain/bulkOperation';
import type { Decision } from '../domain/decision';
import type { FlowRunFacts } from '../domain/facts';
import type { FlowRunPolicy, StateColumns } from '../domain/flowRun';

const restoredColumns = [
  'runCount',
  'startTime',
  'endTime',
  'expectedStartTime',
  'nextScheduledStartTime',
  'totalRunTime',
] as const;
const restoredPolicy = ['retries', 'retryDelay', 'pauseKeys', 'resuming', 'retryType'] as const;

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));

const changed = <Row extends object>(before: Row, after: Row, keys: readonly (keyof Row)[]): Partial<Row> => {
  const found: Partial<Row> = {};
  for (const key of keys) if (!isSame(before[key], after[key])) found[key] = before[key];
  return found;
};

/** What an undo of a decision needs; null if no state was written. */
export function beforeTransition(run: FlowRunFacts, decision: Decision): BeforeTransition | null {
  const { transition, policy, slot, endedLease } = decision;
  if (transition === null) return null;
  const { parentTaskRun: copy } = transition;
  const parent = run.parentTaskRun;
  return {
    columns: {
      ...changed<StateColumns>(run, transition.columns, restoredColumns),
      ...(policy && changed<FlowRunPolicy>(run.policy, policy, restoredPolicy)),
    },
    ...(slot && { slot }),
    ...(endedLease && { endedLease }),
    ...(copy &&
      parent && {
        parentTaskRun: {
          id: copy.taskRunId,
          stateId: copy.state.id,
          previousStateId: parent.stateId,
          columns: changed<StateColumns>(parent, copy.columns, restoredColumns),
        },
      }),
  };
}
