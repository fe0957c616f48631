import type { SendingOutcome } from '../../domain/sending';
import { UpstreamError } from '../client/upstreamError';

const restSeconds = 5;
const soonSeconds = 1;

/**
 * Returns what a failed call means for the transition that it sent.
 *
 * @param timeoutSeconds how long the call waited for its response at most.
 * @throws the error itself, where it is a fault of this program.
 */
export function judgeFailure(error: unknown, timeoutSeconds: number): SendingOutcome {
  if (!(error instanceof UpstreamError)) throw error;
  const { message: cause, failure } = error;
  switch (failure.kind) {
    case 'unreachable':
      return { kind: 'notSent', cause, afterSeconds: restSeconds };
    case 'busy':
      return { kind: 'notSent', cause, afterSeconds: failure.retryAfterSeconds ?? restSeconds };
    case 'refused':
      return { kind: 'refused', cause };
    case 'invalid':
      return {
        kind: 'decided',
        status: 'ABORT',
        code: 'UPSTREAM',
        reason: failure.detail,
        delaySeconds: null,
        written: null,
        movedAnotherState: false,
      };
    case 'unanswered':
      // A server that was too slow may carry it out in as much time again.
      return {
        kind: 'unknown',
        cause,
        isServerError: false,
        afterSeconds: failure.timedOut ? timeoutSeconds : soonSeconds,
      };
    case 'serverError':
      // What stands before the server gave it up, and the server may still carry it out.
      return failure.status === 504
        ? { kind: 'unknown', cause, isServerError: false, afterSeconds: timeoutSeconds }
        : { kind: 'unknown', cause, isServerError: true, afterSeconds: soonSeconds };
    case 'malformed':
      return { kind: 'unknown', cause, isServerError: true, afterSeconds: soonSeconds };
  }
}
