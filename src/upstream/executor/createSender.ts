import type { Instant } from '../../domain/instant';
import type { Sending, SendingOutcome } from '../../domain/sending';
import type { TransitionSender } from '../../transitions/transitionSender';
import type { UpstreamClient } from '../client/upstreamClient';
import { UpstreamError, type UpstreamFailure } from '../client/upstreamError';
import { judgeFailure } from './judgeFailure';
import { goneOutcome, judgeHistory, underWayUntil } from './judgeHistory';
import { judgeResult } from './judgeResult';

/** What a sender needs beside the client. */
interface SenderOptions {
  client: UpstreamClient;
  inFlight: number;
  timeoutSeconds: number;
  clock: () => Instant;
  /** Milliseconds of a clock that is never set back. */
  monotonicClock: () => number;
  refresh: TransitionSender['refresh'];
  /** Receives each decision that the server made otherwise than predicted. */
  onMispredicted: (sending: Sending, outcome: SendingOutcome) => void;
}

/** A call that took longer leaves time for another client to move the run between the check of the guard and the write. */
const slowMilliseconds = 500;

/** The failures of a read that may be about the one run. */
const aboutRunKinds: readonly UpstreamFailure['kind'][] = ['serverError', 'malformed', 'invalid'];

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

  /** Whether a failure is about this run alone: the server can count it. */
  async function isAboutRun({ flowRunId }: Sending, error: unknown): Promise<boolean> {
    if (!(error instanceof UpstreamError) || !aboutRunKinds.includes(error.failure.kind)) return false;
    return client.countFlowRuns({ id: { any_: [flowRunId] } }).then(
      () => true,
      () => false,
    );
  }

  /** Reads the history; where that fails, what became of the transition is unknown. */
  async function seekInHistory(sending: Sending): Promise<SendingOutcome | { kind: 'notYet' }> {
    try {
      return await readHistory(sending);
    } catch (error) {
      const outcome = unknownAfter(error, timeoutSeconds);
      const isHistoryLost = outcome.kind === 'unknown' && (await isAboutRun(sending, error));
      return isHistoryLost ? { ...outcome, isHistoryLost } : outcome;
    }
  }

  /** Looks whether the state that was replaced is the planned one, where there was time for another. */
  async function withPredecessor(sending: Sending, outcome: SendingOutcome): Promise<SendingOutcome> {
    if (outcome.kind !== 'decided' || outcome.written === null) return outcome;
    const seen = await readHistory(sending).catch(() => null);
    const movedAnotherState = seen?.kind === 'decided' && seen.movedAnotherState;
    return { ...outcome, movedAnotherState };
  }

  /** The server has ended such a call, and may have written all the same: its history shows that at once. Where that cannot be read, the failure is none that an item is given up for. */
  async function afterServerError(sending: Sending, outcome: SendingOutcome): Promise<SendingOutcome> {
    const seen = await readHistory(sending).catch(() => null);
    if (seen === null && outcome.kind === 'unknown') return { ...outcome, isServerError: false };
    return seen === null || seen.kind === 'notYet' ? outcome : seen;
  }

  /** Proposes a state; what a failure of that call means is known here, because the calls that follow it only read. */
  async function propose(sending: Sending): Promise<SendingOutcome> {
    try {
      return await proposeOnce(sending);
    } catch (error) {
      const outcome = judgeFailure(error, timeoutSeconds);
      if (outcome.kind !== 'unknown') return outcome;
      const tried = { ...outcome, tried: clock() };
      return outcome.isServerError ? afterServerError(sending, tried) : tried;
    }
  }

  async function proposeOnce(sending: Sending): Promise<SendingOutcome> {
    const { flowRunId, from, transitionId, proposal, force } = sending;
    const began = monotonicClock();
    const result = await client.setGuardedState({
      guard: { flowRunId, ...from },
      transitionId,
      proposal,
      force,
    });
    if (result === null) {
      const seen = await seekInHistory(sending);
      return seen.kind === 'notYet' ? againSoon('The server found no run in the planned state.') : seen;
    }
    const { outcome, isPredicted } = judgeResult(sending, result);
    if (outcome.kind === 'unknown') return afterServerError(sending, { ...outcome, tried: clock() });
    if (!isPredicted) onMispredicted(sending, outcome);
    const isSlow = monotonicClock() - began > slowMilliseconds;
    return isSlow ? withPredecessor(sending, outcome) : outcome;
  }

  async function lookAfter(sending: Sending, mayResend: boolean): Promise<SendingOutcome> {
    const seen = await seekInHistory(sending);
    if (seen.kind !== 'notYet') return seen;
    if (mayResend) return stillUnknown(await propose(sending));
    if (clock() > underWayUntil(sending.lastTried, timeoutSeconds))
      return { kind: 'notSent', cause: 'It was not carried out.', afterSeconds: 0 };
    return { kind: 'unknown', cause: 'It may still be under way.', isServerError: false, afterSeconds: 5 };
  }

  return {
    inFlight,
    maxCallSeconds: timeoutSeconds,
    refresh,
    send: propose,
    resolve: lookAfter,
  };
}

/** A transition that was sent before stays unknown where the server takes none now. */
const stillUnknown = (outcome: SendingOutcome): SendingOutcome =>
  outcome.kind === 'notSent' ? { ...outcome, kind: 'unknown', isServerError: false } : outcome;

/** Returns what a failed read of the history of a run means: nothing about its transition, which may have been carried out. */
function unknownAfter(error: unknown, timeoutSeconds: number): SendingOutcome {
  const outcome = judgeFailure(error, timeoutSeconds);
  if (outcome.kind === 'refused') return outcome;
  const cause =
    outcome.kind === 'decided'
      ? (outcome.reason ?? 'The server did not show the history of the run.')
      : outcome.cause;
  const afterSeconds = outcome.kind === 'decided' ? 1 : outcome.afterSeconds;
  return { kind: 'unknown', cause, isServerError: false, afterSeconds };
}
