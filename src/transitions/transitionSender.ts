import { SwitchyardError } from '../domain/errors';
import type { FlowRunId } from '../domain/identifiers';
import type { Instant } from '../domain/instant';
import type { Sending, SendingOutcome } from '../domain/sending';

/** Why the row of one run could not be brought up to date, though those of others can. */
export interface UnreadRun {
  /** Whether the server fails on it; else its copy cannot be stored here. */
  isServerFault: boolean;
  reason: string;
}

/** What an unread run is reported with: it is not moved. */
export const reportOf = ({
  isServerFault,
  reason,
}: UnreadRun): { code: 'UPSTREAM_FAILED' | 'INTERNAL_ERROR'; reason: string } =>
  isServerFault
    ? {
        code: 'UPSTREAM_FAILED',
        reason: `The Prefect server fails on this run, which was not moved: ${reason}`,
      }
    : { code: 'INTERNAL_ERROR', reason: `${reason} It was not moved.` };

/** The runs whose rows could not be brought up to date. */
export type UnreadRuns = ReadonlyMap<FlowRunId, UnreadRun>;

/** Rows that were brought up to date. */
export interface RefreshedRuns {
  readAt: Instant;
  /** The runs with which that was not possible. */
  unread: UnreadRuns;
}

/** The server does not accept the credentials: waiting does not help, unlike with all else that is UNAVAILABLE. */
export class CredentialsRefusedError extends SwitchyardError {
  constructor(message: string, cause: unknown) {
    super('UNAVAILABLE', message, [], cause);
  }
}

/** Lets another server carry out transitions. */
export interface TransitionSender {
  /** How many may be under way at once. */
  readonly inFlight: number;
  /** How long one may be under way, in seconds. */
  readonly maxCallSeconds: number;
  /**
   * Brings the rows of these runs up to date, and deletes those that are gone.
   *
   * @returns the runs with which that is not possible: they hold up no others.
   * @throws SwitchyardError UNAVAILABLE where the server cannot be asked now; CredentialsRefusedError is one.
   */
  refresh(ids: readonly FlowRunId[]): Promise<UnreadRuns>;
  /** Sends a transition for the first time. Never throws. */
  send(sending: Sending): Promise<SendingOutcome>;
  /** Finds out what became of a transition that was sent before, and sends it again where it was not carried out and `mayResend`. */
  resolve(sending: Sending, mayResend: boolean): Promise<SendingOutcome>;
}
