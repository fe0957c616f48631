import { setTimeout as wait } from 'node:timers/promises';
import type { FlowRunId } from '../../domain/identifiers';
import type { Sending, SendingOutcome } from '../../domain/sending';
import { inLanes } from '../../platform/inLanes';
import type { TransitionSender } from '../../transitions/transitionSender';

const noTimeLeft: SendingOutcome = {
  kind: 'notSent',
  cause: 'There was no time left for it.',
  afterSeconds: 0,
};
const stillUnderWay: SendingOutcome = {
  kind: 'unknown',
  cause: 'The Prefect server did not respond in time.',
  isServerError: false,
  afterSeconds: 0,
};

/** The outcome of a call, or that it is still under way when there is no more time; nothing waits for its outcome then. */
async function outcomeBy(deadline: number, call: Promise<SendingOutcome>): Promise<SendingOutcome> {
  const over = new AbortController();
  const late = wait(Math.max(0, deadline - performance.now()), stillUnderWay, { signal: over.signal });
  try {
    return await Promise.race([call, late]);
  } finally {
    over.abort();
  }
}

/** When it is known at the earliest that the server is not at work on a call any more. */
const mayResendFrom = (outcome: SendingOutcome): number =>
  outcome.kind === 'unknown' ? performance.now() + outcome.afterSeconds * 1000 : 0;

/** Sends one transition, and looks after it until its result is known or there is no more time. */
async function sendOne(
  sender: TransitionSender,
  sending: Sending,
  deadline: number,
): Promise<SendingOutcome> {
  let outcome = await outcomeBy(deadline, sender.send(sending));
  let resendFrom = mayResendFrom(outcome);
  for (let tries = 0; outcome.kind === 'unknown'; tries++) {
    const milliseconds = Math.min(1000 * 2 ** tries, deadline - performance.now());
    if (milliseconds <= 0) return outcome;
    await wait(milliseconds);
    const mayResend = performance.now() >= resendFrom && performance.now() < deadline;
    outcome = await outcomeBy(deadline, sender.resolve(sending, mayResend));
    if (mayResend) resendFrom = mayResendFrom(outcome);
  }
  return outcome;
}

/**
 * Sends the transitions of one call, a few at once, until their results are known or there is no more time: those that are
 * under way then are unknown, the others are not sent.
 *
 * @param deadline by `performance.now()`.
 */
export async function sendUntil(
  sender: TransitionSender,
  sendings: readonly Sending[],
  deadline: number,
): Promise<Map<FlowRunId, SendingOutcome>> {
  const outcomes = new Map<FlowRunId, SendingOutcome>();
  await inLanes(sendings, sender.inFlight, async sending => {
    const hasTime = performance.now() < deadline;
    const outcome = hasTime ? await sendOne(sender, sending, deadline) : noTimeLeft;
    outcomes.set(sending.flowRunId, outcome);
  });
  return outcomes;
}
