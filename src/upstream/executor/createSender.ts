import type { Instant } from '../../domain/instant';
import type { Sending, SendingOutcome } from '../../domain/sending';
import type { TransitionSender } from '../../transitions/transitionSender';
import type { UpstreamClient } from '../client/upstreamClient';
import { judgeAnswer } from './judgeAnswer';
import { judgeFailure } from './judgeFailure';
import { goneOutcome, judgeHistory, underWayUntil } from './judgeHistory';

/** What a sender needs beside the client. */
export interface SenderOptions {
  client: UpstreamClient;
  inFlight: number;
  timeoutSeconds: number;
  clock: () => Instant;
  /** Milliseconds of a clock that is never set back. */
  monotonicClock: () => number;
  refresh: TransitionSender['refresh'];
  /** Is told of each decision that the server made otherwise than predicted. */
  onMispredicted: (sending: Sending, outcome: SendingOutcome) => void;
}

/** A call that took longer leaves time for another client to move the run between the check of the guard and the write. */
const slowMilliseconds = 500;

const againSoon = (cause: string): SendingOutcome => ({
  kind: 'unknown',
  cause,
  isServerError: true,
  afterSeconds: 1,
});

/** Makes what sends transitions to a Prefect server, one run a call, and finds out what became of them. */
export function createSender(options: SenderOptions): TransitionSender {
  const { client, inFlight, timeoutSeconds, clock, monotonicClock, refresh, onMispredicted } = options;

  async function readHistory(sending: Sending): Promise<SendingOutcome | { kind: 'notYet' }> {
    const states = await client.findStates(sending.flowRunId);
    return states === null ? goneOutcome : judgeHistory(sending, states);
  }

  /** Looks whether the state that was replaced is the planned one, where there was time for another. */
  async function withPredecessor(sending: Sending, outcome: SendingOutcome): Promise<SendingOutcome> {
    if (outcome.kind !== 'decided' || outcome.written === null) return outcome;
    const seen = await readHistory(sending).catch(() => null);
    const movedAnotherState = seen?.kind === 'decided' && seen.movedAnotherState;
    return { ...outcome, movedAnotherState };
  }

  async function propose(sending: Sending): Promise<SendingOutcome> {
    const { flowRunId, from, transitionId, proposal, force } = sending;
    const began = monotonicClock();
    const answer = await client.setGuardedState({
      guard: { flowRunId, ...from },
      transitionId,
      proposal,
      force,
    });
    if (answer === null) {
      const seen = await readHistory(sending);
      return seen.kind === 'notYet' ? againSoon('The server found no run in the planned state.') : seen;
    }
    const { outcome, isPredicted } = judgeAnswer(sending, answer);
    if (!isPredicted) onMispredicted(sending, outcome);
    const isSlow = monotonicClock() - began > slowMilliseconds;
    return isSlow ? withPredecessor(sending, outcome) : outcome;
  }

  async function lookAfter(sending: Sending, mayResend: boolean): Promise<SendingOutcome> {
    const seen = await readHistory(sending);
    if (seen.kind !== 'notYet') return seen;
    if (mayResend) return propose(sending);
    if (clock() > underWayUntil(sending.sent, timeoutSeconds))
      return { kind: 'notSent', cause: 'It was not carried out.', afterSeconds: 0 };
    return { kind: 'unknown', cause: 'It may still be under way.', isServerError: false, afterSeconds: 5 };
  }

  return {
    inFlight,
    refresh,
    send: sending => propose(sending).catch((error: unknown) => judgeFailure(error, timeoutSeconds)),
    resolve: (sending, mayResend) =>
      lookAfter(sending, mayResend).catch((error: unknown) =>
        afterEarlier(judgeFailure(error, timeoutSeconds)),
      ),
  };
}

/** A transition that was sent before stays unknown where the server cannot be asked about it now. */
function afterEarlier(outcome: SendingOutcome): SendingOutcome {
  switch (outcome.kind) {
    case 'notSent':
      return {
        kind: 'unknown',
        cause: outcome.cause,
        isServerError: false,
        afterSeconds: outcome.afterSeconds,
      };
    case 'refused':
    case 'unknown':
    case 'decided':
      return outcome;
  }
}
