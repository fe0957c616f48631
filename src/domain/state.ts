import type { StateId } from './identifiers';
import type { Instant } from './instant';
import { isJsonObject, type Json } from './json';
import type { StateDetails } from './stateDetails';

/** What a run can be in. `COMPLETED`, `FAILED`, `CANCELLED` and `CRASHED` are terminal. */
export const stateTypes = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const;
export type StateType = (typeof stateTypes)[number];

/** The types in which a run has ended. */
export const terminalStateTypes = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'] as const;

/** Whether a run in a state of this type has ended; null: it has no state. */
export const isTerminal = (type: StateType | null): boolean =>
  type !== null && (terminalStateTypes as readonly StateType[]).includes(type);

/** The types in which a run holds a slot of its deployment, where that has a limit. */
export const slotHoldingStateTypes = ['PENDING', 'RUNNING', 'CANCELLING'] as const;

/** Whether a run in a state of this type holds a slot; null: it has no state. */
export const holdsSlot = (type: StateType | null): boolean =>
  type !== null && (slotHoldingStateTypes as readonly StateType[]).includes(type);

/** A state as a caller proposes it. */
export interface StateProposal {
  type: StateType;
  name?: string;
  message?: string;
  data?: Json;
  stateDetails?: StateDetails;
}

/** A state that no run is in yet. `data` null: none. */
export interface ProposedState {
  type: StateType;
  name: string;
  message: string | null;
  data: Json;
  stateDetails: StateDetails;
}

/** A state that a run is or was in. */
export interface State extends ProposedState {
  id: StateId;
  /** Unique within its run. */
  timestamp: Instant;
}

/** The name a state goes by where none was given: its type in capitalised words. */
export const defaultStateName = (type: StateType): string => type[0] + type.slice(1).toLowerCase();

/** Whether a state's data names a result that was stored somewhere. */
export const isPersistedResultData = (data: Json): boolean =>
  isJsonObject(data) && Object.keys(data).length > 0 && data.type !== 'unpersisted';

/** Whether a state's data is only passed on in the answer, and never stored. */
export const isUnpersistedData = (data: Json): boolean => isJsonObject(data) && data.type === 'unpersisted';
