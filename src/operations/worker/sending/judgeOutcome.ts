import type { BeforeTransition } from '../../../domain/bulkOperation';
import type { Sending, SendingOutcome } from '../../../domain/sending';
import type { StoredSending } from '../../../persistence/operations/sendings';
import { type ItemVerdict, nothingWritten } from '../itemVerdicts';

/** What becomes of an item after a try to send it. */
export type ItemFate =
  | { kind: 'settled'; verdict: ItemVerdict; movedAnotherState: boolean }
  /** Its result is not known: it is looked after again. */
  | { kind: 'stillSent'; afterSeconds: number; tries: number; failuresAlike: number; lastFailure: string }
  /** It was not carried out: it is pending again. */
  | { kind: 'pendingAgain'; afterSeconds: number };

/** How often an item may fail in the same way before it is given up. */
const maxFailuresAlike = 5;
const longestWaitSeconds = 30;

/** Seconds until an item is looked after again: twice as long after each try. */
const waitAfter = (tries: number): number => Math.min(longestWaitSeconds, 2 ** (tries - 1));

/** An undo needs no more than that there was a transition: a server restores the rest by itself, or not at all. */
const restoredByServer: BeforeTransition = { columns: {} };

/** Items that were left alone count as skipped, whoever found out. */
const statusOf = ({ status, code }: Extract<SendingOutcome, { kind: 'decided' }>): ItemVerdict['status'] =>
  code === 'CHANGED_SINCE_PLAN' ? 'SKIPPED' : status;

/** Decides what becomes of an item, by what is known of its sending. */
export function judgeOutcome(
  { from }: Sending,
  before: Pick<StoredSending, 'tries' | 'failuresAlike' | 'lastFailure'>,
  outcome: SendingOutcome,
): ItemFate {
  switch (outcome.kind) {
    case 'decided': {
      const { code, reason, delaySeconds, written, movedAnotherState } = outcome;
      return {
        kind: 'settled',
        movedAnotherState,
        verdict: {
          status: statusOf(outcome),
          code,
          reason,
          delaySeconds,
          previousStateId: from.stateId,
          stateId: written?.id ?? null,
          before: written === null ? null : restoredByServer,
        },
      };
    }
    case 'unknown': {
      const tries = before.tries + 1;
      const failuresAlike = outcome.cause === before.lastFailure ? before.failuresAlike + 1 : 1;
      if (outcome.isServerError && failuresAlike >= maxFailuresAlike) {
        const reason = `The Prefect server failed on this run ${failuresAlike} times: ${outcome.cause}`;
        const verdict: ItemVerdict = {
          ...nothingWritten,
          status: 'ABORT',
          code: 'UPSTREAM_FAILED',
          reason,
          previousStateId: from.stateId,
        };
        return { kind: 'settled', verdict, movedAnotherState: false };
      }
      const afterSeconds = Math.max(outcome.afterSeconds, waitAfter(tries));
      return { kind: 'stillSent', afterSeconds, tries, failuresAlike, lastFailure: outcome.cause };
    }
    case 'notSent':
      return { kind: 'pendingAgain', afterSeconds: outcome.afterSeconds };
    case 'refused':
      return { kind: 'pendingAgain', afterSeconds: 0 };
  }
}
