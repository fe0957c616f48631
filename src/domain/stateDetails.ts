import { flag, type HeldBy, id, instant, text, textsByName } from './fields';
import type { FlowRunId, LeaseId, TaskRunId } from './identifiers';

const fields = {
  flowRunId: id<FlowRunId>('The flow run that is in the state.'),
  taskRunId: id<TaskRunId>('The task run that is in the state, or that stands for the subflow.'),
  childFlowRunId: id<FlowRunId>('The subflow whose state was copied to its parent task run.'),
  scheduledTime: instant('When the run is due to start.'),
  cacheKey: text('The key that the result is cached under.'),
  cacheExpiration: instant('Until when a cached result may be used.'),
  deferred: { ...flag('Whether the run was deferred to another process.'), whenAbsent: false },
  untrackableResult: { ...flag('Whether the result cannot be followed.'), whenAbsent: false },
  pauseTimeout: instant('When a pause times out.'),
  pauseReschedule: {
    ...flag('Whether the run was suspended: a new process resumes it.'),
    whenAbsent: false,
  },
  pauseKey: text('The key of the pause; each pause fires once.'),
  runInputKeyset: textsByName('The keys under which a paused run awaits input.'),
  refreshCache: flag('Whether a cached result must not be used.'),
  retriable: flag('Whether the run may be retried.'),
  transitionId: id('The id of the transition; a transition that is sent twice happens once.'),
  taskParametersId: id('The id of the stored parameters of a deferred task.'),
  traceparent: text('The W3C trace context that the run belongs to.'),
  deploymentConcurrencyLeaseId: id<LeaseId>('The lease on the slot that the run holds.'),
};

/** The fields of what a state says beyond its type. */
export const stateDetails = { description: 'What a state says beyond its type.', fields };

/** What a state says beyond its type. A key that is absent is unknown, or has the value that its field names. */
export type StateDetails = { [Name in keyof typeof fields]?: HeldBy<(typeof fields)[Name]> };
