import type { FlowRunId, StateId } from '../../../src/domain/identifiers';
import type { Instant } from '../../../src/domain/instant';
import type { Sending } from '../../../src/domain/sending';
import type { State } from '../../../src/domain/state';

export const transitionId = '11111111-1111-4111-8111-111111111111';
export const sent = '2026-01-01T12:00:00.000000Z' as Instant;

/** A sending of a failed run that is to be scheduled again. */
export const sendingOf = (more: Partial<Sending> = {}): Sending => ({
  flowRunId: '22222222-2222-4222-8222-222222222222' as FlowRunId,
  transitionId,
  from: {
    stateId: 'planned' as StateId,
    stateType: 'FAILED',
    stateName: 'Failed',
    startTime: null,
    endTime: null,
    nextScheduledStartTime: null,
  },
  proposal: { type: 'SCHEDULED' },
  force: false,
  prediction: { status: 'ACCEPT', code: null, state: { type: 'SCHEDULED', name: 'Scheduled' } },
  sent,
  lastTried: sent,
  ...more,
});

/** A state as a server has it. */
export const stateOf = (id: string, more: Partial<State> = {}): State => ({
  id: id as StateId,
  type: 'SCHEDULED',
  name: 'Scheduled',
  timestamp: sent,
  message: null,
  data: null,
  stateDetails: {},
  actor: null,
  bulkOperationId: null,
  ...more,
});

/** The state that sendings are planned on. */
export const planned = stateOf('planned', { type: 'FAILED', name: 'Failed' });
/** The state that a sending writes where it is accepted. */
export const own = (id = 'own', more: Partial<State> = {}): State =>
  stateOf(id, { stateDetails: { transitionId }, ...more });
