import type { FlowRunId } from '../../../domain/identifiers';
import type { Sending, SendingOutcome } from '../../../domain/sending';
import { inLanes } from '../../../platform/inLanes';
import type { TransitionSender } from '../../../transitions/transitionSender';

/** A transition to send, or to look after. */
export interface SendingJob {
  sending: Sending;
  /** Whether it was sent before, and its result is not known. */
  wasSent: boolean;
}

const stopped: SendingOutcome = { kind: 'notSent', cause: 'The operation was stopped.', afterSeconds: 0 };

/** What was not begun because an earlier one shows that the server takes none now. */
function afterwards(outcome: SendingOutcome): SendingOutcome | null {
  switch (outcome.kind) {
    case 'refused':
    case 'notSent':
      return outcome;
    case 'decided':
    case 'unknown':
      return null;
  }
}

/**
 * Sends transitions, a few at once, and returns what is known of each. Once the server takes none, or the operation is
 * stopped, no other is begun.
 *
 * @param isRunning whether transitions may be sent now.
 */
export async function sendAll(
  sender: TransitionSender,
  jobs: readonly SendingJob[],
  isRunning: () => Promise<boolean>,
): Promise<Map<FlowRunId, SendingOutcome>> {
  const outcomes = new Map<FlowRunId, SendingOutcome>();
  let ends: SendingOutcome | null = null;

  async function outcomeOf({ sending, wasSent }: SendingJob): Promise<SendingOutcome> {
    const mayBeSent = ends === null && (await isRunning());
    if (wasSent) return sender.resolve(sending, mayBeSent);
    return mayBeSent ? sender.send(sending) : (ends ?? stopped);
  }

  // Where one fails, no other is begun: the batch is given back then.
  await inLanes(jobs, sender.inFlight, async job => {
    const outcome = await outcomeOf(job);
    outcomes.set(job.sending.flowRunId, outcome);
    ends ??= afterwards(outcome);
  });
  return outcomes;
}
