import type { GuardedResult } from '../../../src/upstream/client/upstreamClient';
import { judgeResult } from '../../../src/upstream/executor/judgeResult';
import { own, planned, sendingOf, stateOf } from './sendings';

const resultOf = (more: Partial<GuardedResult>): GuardedResult => ({
  status: 'ACCEPT',
  state: own(),
  reason: null,
  delaySeconds: null,
  ...more,
});

describe('what the result of a server about one run means', () => {
  test('an accepted transition has its state, no code and no reason', () => {
    expect(judgeResult(sendingOf(), resultOf({}))).toMatchObject({
      isPredicted: true,
      outcome: { kind: 'decided', status: 'ACCEPT', code: null, reason: null, written: { id: 'own' } },
    });
  });

  test('a predicted verdict has the code of the rule here and the reason of the server', () => {
    const sending = sendingOf({
      prediction: { status: 'REJECT', code: 'RETRYING', state: { type: 'SCHEDULED', name: 'AwaitingRetry' } },
    });
    const state = stateOf('retry', { name: 'AwaitingRetry' });
    expect(judgeResult(sending, resultOf({ status: 'REJECT', state, reason: 'Retrying' }))).toMatchObject({
      isPredicted: true,
      outcome: { status: 'REJECT', code: 'RETRYING', reason: 'Retrying', written: { id: 'retry' } },
    });
  });

  test('a verdict that was not predicted has the code UPSTREAM', () => {
    const result = resultOf({ status: 'ABORT', state: planned, reason: 'No.' });
    expect(judgeResult(sendingOf(), result)).toMatchObject({
      isPredicted: false,
      outcome: { status: 'ABORT', code: 'UPSTREAM', reason: 'No.', written: null },
    });
  });

  test('the predicted status with another state is not predicted', () => {
    const result = resultOf({ state: own('own', { name: 'Later' }) });
    expect(judgeResult(sendingOf(), result)).toMatchObject({ isPredicted: false });
  });

  test('a verdict without a state says nothing: it is unknown, and a failure of the server', () => {
    const result = resultOf({ status: 'ABORT', state: null, reason: 'Failed to release slots.' });
    expect(judgeResult(sendingOf(), result).outcome).toMatchObject({
      kind: 'unknown',
      cause: 'Failed to release slots.',
      isServerError: true,
    });
  });

  test('a rejection that shows a state with the id of this transition means that it was accepted before', () => {
    const result = resultOf({ status: 'REJECT', reason: 'This run has already made this state transition.' });
    expect(judgeResult(sendingOf(), result).outcome).toMatchObject({
      status: 'ACCEPT',
      code: null,
      written: { id: 'own' },
    });
  });

  test('a rejection that shows the planned state wrote nothing', () => {
    const result = resultOf({ status: 'REJECT', state: planned, reason: 'No.' });
    expect(judgeResult(sendingOf(), result).outcome).toMatchObject({ status: 'REJECT', written: null });
  });

  test('a WAIT has its delay', () => {
    const result = resultOf({ status: 'WAIT', state: planned, reason: 'Later.', delaySeconds: 7 });
    expect(judgeResult(sendingOf(), result).outcome).toMatchObject({
      status: 'WAIT',
      delaySeconds: 7,
      written: null,
    });
  });
});
