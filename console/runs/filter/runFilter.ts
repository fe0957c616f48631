import type { StateType } from '../../generated/graphql';
import type { TimePreset } from './timePresets';

/** All state types, in the order in which people meet them. */
export const stateTypes: readonly StateType[] = [
  'FAILED',
  'CRASHED',
  'RUNNING',
  'PENDING',
  'SCHEDULED',
  'PAUSED',
  'CANCELLING',
  'CANCELLED',
  'COMPLETED',
];

/** When the runs started, or are expected to: in the last hours, or between two instants. */
export type TimeRange =
  | { readonly last: TimePreset }
  | { readonly after: string | null; readonly before: string | null };

/** What the filter bar asks for. An empty field is no condition. */
export interface RunFilter {
  readonly states: readonly StateType[];
  readonly stateNames: readonly string[];
  /** Names of flows. */
  readonly flows: readonly string[];
  /** Names of deployments. */
  readonly deployments: readonly string[];
  /** Every one of them. */
  readonly tags: readonly string[];
  readonly queues: readonly string[];
  readonly ids: readonly string[];
  /** A part of the name. */
  readonly name: string;
  /** A part of the message of the current state. */
  readonly message: string;
  readonly time: TimeRange | null;
}

/** No condition. */
export const emptyFilter: RunFilter = {
  states: [],
  stateNames: [],
  flows: [],
  deployments: [],
  tags: [],
  queues: [],
  ids: [],
  name: '',
  message: '',
  time: null,
};

/** Whether a filter has no condition. */
export const isEmptyFilter = ({ time, ...rest }: RunFilter): boolean =>
  time === null && Object.values<string | readonly string[]>(rest).every(({ length }) => length === 0);
