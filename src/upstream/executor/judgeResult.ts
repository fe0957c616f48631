import type { Sending, SendingOutcome } from '../../domain/sending';
import type { GuardedResult } from '../client/upstreamClient';
import { isOwn } from './judgeHistory';

/** What a result means, and whether it is what the rules here predicted. */
interface JudgedResult {
  outcome: SendingOutcome;
  isPredicted: boolean;
}

const noState = 'The server responded without a state, which says nothing about what happened.';

/**
 * Returns what the server's result about one run means. The verdict and its reason are the server's; the code is that of the
 * rules here where they decided the same, else UPSTREAM.
 */
export function judgeResult(sending: Sending, result: GuardedResult): JudgedResult {
  const { from, prediction } = sending;
  const { status, state, reason, delaySeconds } = result;
  if (state === null) {
    const outcome: SendingOutcome = {
      kind: 'unknown',
      cause: reason ?? noState,
      isServerError: true,
      afterSeconds: 1,
    };
    return { outcome, isPredicted: true };
  }
  // An earlier try was carried out, and its state fits the guard again.
  if (status === 'REJECT' && isOwn(sending, state))
    return judgeResult(sending, { ...result, status: 'ACCEPT' });
  const written = (status === 'ACCEPT' || status === 'REJECT') && state.id !== from.stateId ? state : null;
  const { state: expected } = prediction;
  const isSameState =
    written === null ? expected === null : expected?.type === written.type && expected.name === written.name;
  const isPredicted = status === prediction.status && isSameState;
  const ownCode = isPredicted ? prediction.code : 'UPSTREAM';
  return {
    isPredicted,
    outcome: {
      kind: 'decided',
      status,
      code: status === 'ACCEPT' ? null : ownCode,
      reason: status === 'ACCEPT' ? null : (reason ?? 'The Prefect server gave no reason.'),
      delaySeconds: status === 'WAIT' ? (delaySeconds ?? 0) : null,
      written,
      movedAnotherState: false,
    },
  };
}
