import type { BulkOperationId, StateId } from './identifiers';
import type { Instant } from './instant';
import { isJsonObject, type Json } from './json';
import type { StateDetails } from './stateDetails';

/** The types of states. `COMPLETED`, `FAILED`, `CANCELLED` and `CRASHED` are terminal. */
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

/** The types of states in which a run has ended. */
export const terminalStateTypes = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'] as const;

/** Whether a run in a state of this type has ended; null for a run without a state. */
export const isTerminal = (type: StateType | null): boolean =>
  type !== null && (terminalStateTypes as readonly StateType[]).includes(type);

/** The types of states in which a run holds a slot of a deployment with a limit. */
export const slotHoldingStateTypes = ['PENDING', 'RUNNING', 'CANCELLING'] as const;

/** Whether a run in a state of this type holds a slot; null for a run without a state. */
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

/** A proposed state with all fields. `data` is null for none. */
export interface ProposedState {
  type: StateType;
  name: string;
  message: string | null;
  data: Json;
  stateDetails: StateDetails;
}

/** Who writes a state. */
export interface StateAuthor {
  /** The caller: its key's name, its token's subject, or `local`; `switchyard` for a background service; null if unknown. */
  actor: string | null;
  /** The bulk operation that writes it; null if none does. */
  bulkOperationId: BulkOperationId | null;
}

/** The author of what the gateway does by itself. */
export const ownAuthor: StateAuthor = { actor: 'switchyard', bulkOperationId: null };

/** A written state of a run. */
export interface State extends ProposedState, StateAuthor {
  id: StateId;
  /** Unique within its run. */
  timestamp: Instant;
}

/** The default name of a state: its type, capitalized. */
export const defaultStateName = (type: StateType): string => type[0] + type.slice(1).toLowerCase();

/** Whether the data of a state refers to a stored result. */
export const isPersistedResultData = (data: Json): boolean =>
  isJsonObject(data) && Object.keys(data).length > 0 && data.type !== 'unpersisted';

/** Whether the data of a state is only returned in the response and never stored. */
export const isUnpersistedData = (data: Json): boolean => isJsonObject(data) && data.type === 'unpersisted';
