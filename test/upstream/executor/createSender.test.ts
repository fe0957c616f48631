import type { Instant } from '../../../src/domain/instant';
import { addSeconds } from '../../../src/domain/instant';
import type { UpstreamClient } from '../../../src/upstream/client/upstreamClient';
import { UpstreamError, type UpstreamFailure } from '../../../src/upstream/client/upstreamError';
import { createSender } from '../../../src/upstream/executor/createSender';
import { planned, sendingOf, sent } from './sendings';

const failing = (failure: UpstreamFailure) => () => Promise.reject(new UpstreamError('it failed', failure));
const serverError = failing({ kind: 'serverError', status: 500 });
const timedOut = failing({ kind: 'unanswered', timedOut: true });
const timeoutSeconds = 90;

type Calls = Pick<UpstreamClient, 'findStates' | 'setGuardedState'> &
  Partial<Pick<UpstreamClient, 'countFlowRuns'>>;

function senderOf(calls: Calls, now: Instant = sent) {
  const client = { countFlowRuns: serverError, ...calls } as UpstreamClient;
  return createSender({
    client,
    inFlight: 1,
    timeoutSeconds,
    clock: () => now,
    monotonicClock: () => 0,
    refresh: async () => new Map(),
    onMispredicted: () => undefined,
  });
}

describe('what became of a transition', () => {
  test('is no failure of the server while its history cannot be read: it may have been carried out', async () => {
    const sender = senderOf({ setGuardedState: timedOut, findStates: serverError });

    expect(await sender.send(sendingOf())).toMatchObject({ kind: 'unknown', isServerError: false });
    expect(await sender.resolve(sendingOf(), true)).toMatchObject({ kind: 'unknown', isServerError: false });
  });

  test('is lost with its history where the server works for other calls, and not where it works for none', async () => {
    const countFlowRuns = async () => 1;
    const lost: UpstreamFailure[] = [
      { kind: 'serverError', status: 500 },
      { kind: 'malformed', detail: '3.type is unknown' },
    ];
    for (const failure of lost) {
      const calls = { setGuardedState: timedOut, findStates: failing(failure) };
      expect(await senderOf({ ...calls, countFlowRuns }).resolve(sendingOf(), true)).toMatchObject({
        kind: 'unknown',
        isHistoryLost: true,
      });
      expect(await senderOf(calls).resolve(sendingOf(), true)).not.toHaveProperty('isHistoryLost');
    }
    const away = { setGuardedState: timedOut, findStates: failing({ kind: 'unreachable' }), countFlowRuns };
    expect(await senderOf(away).resolve(sendingOf(), true)).not.toHaveProperty('isHistoryLost');
  });

  test('is a failure of the server where that fails and the history shows that nothing was written', async () => {
    const sender = senderOf({ setGuardedState: serverError, findStates: async () => [planned] });

    expect(await sender.send(sendingOf())).toMatchObject({ kind: 'unknown', isServerError: true });
  });

  test('is not known before the server has had as much time again since the last call', async () => {
    const calls: Calls = { setGuardedState: timedOut, findStates: async () => [planned] };
    const lastTried = addSeconds(sent, 600);
    const at = (seconds: number) => senderOf(calls, addSeconds(lastTried, seconds));
    const sending = sendingOf({ lastTried });

    expect(await at(2 * timeoutSeconds - 1).resolve(sending, false)).toMatchObject({ kind: 'unknown' });
    expect(await at(2 * timeoutSeconds + 1).resolve(sending, false)).toMatchObject({ kind: 'notSent' });
  });

  test('names the time of a call without a known result, and none where only the history was read', async () => {
    const now = addSeconds(sent, 300);
    const sender = senderOf({ setGuardedState: timedOut, findStates: async () => [planned] }, now);
    const sending = sendingOf({ lastTried: addSeconds(now, -10) });

    expect(await sender.resolve(sending, true)).toMatchObject({ kind: 'unknown', tried: now });
    expect(await sender.resolve(sending, false)).not.toHaveProperty('tried');
  });
});
