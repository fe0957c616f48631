import { UpstreamError, type UpstreamFailure } from '../../../src/upstream/client/upstreamError';
import { judgeFailure } from '../../../src/upstream/executor/judgeFailure';

const judge = (failure: UpstreamFailure) => judgeFailure(new UpstreamError('It failed.', failure), 90);

describe('what a failed call means for the transition that it sent', () => {
  test.each<[string, UpstreamFailure, object]>([
    ['no connection', { kind: 'unreachable' }, { kind: 'notSent' }],
    ['a request to rest', { kind: 'busy', retryAfterSeconds: 17 }, { kind: 'notSent', afterSeconds: 17 }],
    ['a request to rest without a time', { kind: 'busy', retryAfterSeconds: null }, { kind: 'notSent' }],
    ['refused credentials', { kind: 'refused', status: 401 }, { kind: 'refused' }],
    [
      'refused input',
      { kind: 'invalid', status: 422, detail: 'wrong' },
      { kind: 'decided', status: 'ABORT', code: 'UPSTREAM', reason: 'wrong', written: null },
    ],
    [
      'a time-out',
      { kind: 'unanswered', timedOut: true },
      { kind: 'unknown', isServerError: false, afterSeconds: 90 },
    ],
    [
      'a lost connection',
      { kind: 'unanswered', timedOut: false },
      { kind: 'unknown', isServerError: false, afterSeconds: 1 },
    ],
    ['500', { kind: 'serverError', status: 500 }, { kind: 'unknown', isServerError: true }],
    [
      'the time-out of a proxy',
      { kind: 'serverError', status: 504 },
      { kind: 'unknown', isServerError: false, afterSeconds: 90 },
    ],
    ['a malformed response', { kind: 'malformed', detail: 'x' }, { kind: 'unknown', isServerError: true }],
  ])('%s', (_what, failure, outcome) => {
    expect(judge(failure)).toMatchObject(outcome);
  });

  test('a fault of this program is thrown', () => {
    const fault = new TypeError('a fault');
    expect(() => judgeFailure(fault, 90)).toThrow(fault);
  });
});
