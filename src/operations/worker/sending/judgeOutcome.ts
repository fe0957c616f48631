import type { BeforeTransition, BulkOperation } from '../../../domain/bulkOperation';
import type { Sending, SendingOutcome } from '../../../domain/sending';
import type { StoredSending } from '../../../persistence/operations/sendings';
import { type ItemVerdict, nothingWritten } from '../itemVerdicts';

type StillSent = {
  kind: 'stillSent';
  afterSeconds: number;
  tries: number;
  failuresAlike: number;
  lastFailure: string;
};

/** What becomes of an item after a try to send it. */
export type ItemFate =
  | { kind: 'settled'; verdict: ItemVerdict; movedAnotherState: boolean }
  /** Its result is not known: it is looked after again. */
  | StillSent
  /** It was not carried out: it is pending again. */
  | { kind: 'pendingAgain'; afterSeconds: number };

/** How often an item may fail in the same way before it is given up. */
const maxFailuresAlike = 5;
const maxWaitSeconds = 30;
/**
 * How often in a row the history of a run may be lost in the same way before its item ends as unknown: some eight minutes, longer
 * than a server takes that is restarted or migrated, and short enough that an operation ends while somebody watches it.
 */
const maxHistoryLosses = 20;

/** Seconds until an item is looked after again: twice as long after each try. */
const waitAfter = (tries: number): number => Math.min(maxWaitSeconds, 2 ** (tries - 1));

/** An undo needs no more than that there was a transition: a server restores the rest by itself, or not at all. */
const restoredByServer: BeforeTransition = { columns: {} };

/**
 * Items that were left alone because something else moved their runs count as skipped, whether the server or the rules here
 * found it. An undo compares with what the operation wrote that it undoes, every other operation with what it planned on.
 */
function codeAndStatusOf(
  { restores }: Pick<BulkOperation, 'restores'>,
  { status, code }: Extract<SendingOutcome, { kind: 'decided' }>,
): Pick<ItemVerdict, 'code' | 'status'> {
  if (code !== 'CHANGED_SINCE_PLAN') return { code, status };
  return { code: restores === null ? code : 'CHANGED_SINCE_OPERATION', status: 'SKIPPED' };
}

/** How often an item was tried before without a known result. */
type EarlierTries = Pick<StoredSending, 'tries' | 'failuresAlike' | 'lastFailure'>;

/** An item whose result is not known after another try. */
function stillSent(before: EarlierTries | undefined, cause: string, afterSeconds: number): StillSent {
  const tries = (before?.tries ?? 0) + 1;
  const failuresAlike = cause === before?.lastFailure ? before.failuresAlike + 1 : 1;
  return {
    kind: 'stillSent',
    afterSeconds: Math.max(afterSeconds, waitAfter(tries)),
    tries,
    failuresAlike,
    lastFailure: cause,
  };
}

/** The verdict about an item of which it will not be known whether its run was moved. */
const unknownVerdict = (previousStateId: ItemVerdict['previousStateId'], cause: string): ItemVerdict => ({
  status: 'ABORT',
  code: 'UPSTREAM_UNKNOWN',
  reason: `The Prefect server does not show the history of this run: ${cause} The run may have been moved: check it before you repeat the transition.`,
  delaySeconds: null,
  previousStateId,
  stateId: null,
  before: null,
});

/**
 * Decides what becomes of an item, by what is known of its sending. For the runs of a call, which ends before long,
 * `upstream/executor/moveThroughServer.ts` decides it.
 *
 * @param before absent where it was sent for the first time.
 */
export function judgeOutcome(
  operation: Pick<BulkOperation, 'restores'>,
  { from }: Sending,
  before: EarlierTries | undefined,
  outcome: SendingOutcome,
): ItemFate {
  switch (outcome.kind) {
    case 'decided': {
      const { reason, delaySeconds, written, movedAnotherState } = outcome;
      return {
        kind: 'settled',
        movedAnotherState,
        verdict: {
          ...codeAndStatusOf(operation, outcome),
          reason,
          delaySeconds,
          previousStateId: from.stateId,
          stateId: written?.id ?? null,
          before: written === null ? null : restoredByServer,
        },
      };
    }
    case 'unknown': {
      const { cause, isServerError, isHistoryLost = false, afterSeconds } = outcome;
      const next = stillSent(before, cause, afterSeconds);
      if (isHistoryLost && next.failuresAlike >= maxHistoryLosses)
        return { kind: 'settled', verdict: unknownVerdict(from.stateId, cause), movedAnotherState: false };
      if (!isServerError || next.failuresAlike < maxFailuresAlike) return next;
      const verdict: ItemVerdict = {
        ...nothingWritten,
        status: 'ABORT',
        code: 'UPSTREAM_FAILED',
        reason: `The Prefect server failed on this run ${next.failuresAlike} times: ${cause}`,
        previousStateId: from.stateId,
      };
      return { kind: 'settled', verdict, movedAnotherState: false };
    }
    case 'notSent':
      return { kind: 'pendingAgain', afterSeconds: outcome.afterSeconds };
    case 'refused':
      return before === undefined
        ? { kind: 'pendingAgain', afterSeconds: 0 }
        : stillSent(before, outcome.cause, waitAfter(before.tries + 1));
  }
}
