import type {
  BulkOperationItemStatus,
  BulkOperationStatus,
  OperationRowFragment,
} from '../generated/graphql';
import type { IconName } from '../ui/Icon';

/** Each status with its icon, its words and the colour of a state. */
export const statusLooks: Readonly<
  Record<BulkOperationStatus, readonly [icon: IconName, words: string, colour: string]>
> = {
  QUEUED: ['clock', 'Queued', 'scheduled'],
  PLANNING: ['dots', 'Planning', 'pending'],
  PLANNED: ['info', 'Planned', 'pending'],
  SELECTING: ['filter', 'Selecting', 'running'],
  RUNNING: ['play', 'Running', 'running'],
  PAUSED: ['pause', 'Paused', 'paused'],
  COMPLETED: ['check', 'Completed', 'completed'],
  COMPLETED_WITH_FAILURES: ['warning', 'Completed with failures', 'crashed'],
  CANCELLED: ['stop', 'Cancelled', 'cancelled'],
  FAILED: ['cross', 'Failed', 'failed'],
  EXPIRED: ['hourglass', 'Expired', 'cancelled'],
};

/** The results of items with their icons and words. */
export const itemLooks: Readonly<
  Record<BulkOperationItemStatus, readonly [icon: IconName, words: string, colour: string]>
> = {
  ACCEPT: ['check', 'Accepted', 'completed'],
  REJECT: ['cross', 'Rejected', 'failed'],
  ABORT: ['stop', 'Aborted', 'crashed'],
  WAIT: ['hourglass', 'Must wait', 'scheduled'],
  SKIPPED: ['skip', 'Skipped', 'cancelled'],
  SENDING: ['clock', 'Being sent', 'running'],
  PENDING: ['dots', 'Not decided', 'pending'],
};

const active: readonly BulkOperationStatus[] = ['QUEUED', 'PLANNING', 'SELECTING', 'RUNNING', 'PAUSED'];
const pausable: readonly BulkOperationStatus[] = ['QUEUED', 'SELECTING', 'RUNNING'];

/** Whether it changes by itself or by a command to it. */
export const isActive = (status: BulkOperationStatus): boolean => active.includes(status);

/** Whether it can be paused. */
export const isPausable = (status: BulkOperationStatus): boolean => pausable.includes(status);

/** Whether nothing changes it any more. */
export const hasEnded = (status: BulkOperationStatus): boolean => !isActive(status) && status !== 'PLANNED';

/** Whether it is a plan that was not started: its counts and outcomes are predicted, and nothing is decided. */
export const isPrediction = ({
  status,
  started,
}: Pick<OperationRowFragment, 'status' | 'started'>): boolean =>
  !started && status !== 'QUEUED' && status !== 'PAUSED';

const pauses = {
  CANARY: 'after its canary: check the outcomes, then resume it',
  FAILURE_RATIO: 'because too many runs were not accepted: check the outcomes, then resume or cancel it',
  REQUESTED: 'by a command',
  UPSTREAM_REFUSED:
    'because the Prefect server does not accept the credentials of the gateway: correct PREFECT_API_KEY or PREFECT_API_AUTH_STRING, restart the gateway, then resume it',
  UPSTREAM_UNREACHABLE:
    'because the Prefect server failed on twenty runs in a row: look into its log, then resume or cancel it',
} as const;

/** Why it is paused, in words; null if it is not. */
export const pauseInWords = ({ pausedFor }: Pick<OperationRowFragment, 'pausedFor'>): string | null =>
  pausedFor ? pauses[pausedFor] : null;

/** What it does, in words. */
export function targetInWords({ state, undoOf }: Pick<OperationRowFragment, 'state' | 'undoOf'>): string {
  if (state) return `Set to ${state.name}`;
  return undoOf ? 'Undo' : 'Restore states';
}
