import type { FlowRunId } from '../domain/identifiers';
import type { Sending, SendingOutcome } from '../domain/sending';

/** Lets another server carry out transitions. */
export interface TransitionSender {
  /** How many may be under way at once. */
  readonly inFlight: number;
  /**
   * Brings the rows of these runs up to date, and deletes those that are gone.
   *
   * @throws SwitchyardError UNAVAILABLE where the server cannot be asked now.
   */
  refresh(ids: readonly FlowRunId[]): Promise<void>;
  /** Sends a transition for the first time. Never throws. */
  send(sending: Sending): Promise<SendingOutcome>;
  /** Finds out what became of a transition that was sent before, and sends it again where it was not carried out and `mayResend`. */
  resolve(sending: Sending, mayResend: boolean): Promise<SendingOutcome>;
}
