import { array, assert, constantFrom, nat, property } from 'fast-check';
import { addSeconds } from '../../../src/domain/instant';
import { stateTypes } from '../../../src/domain/state';
import { judgeHistory, underWayUntil } from '../../../src/upstream/executor/judgeHistory';
import { own, planned, sendingOf, sent, stateOf } from './sendings';

const retrying = sendingOf({
  proposal: { type: 'FAILED' },
  prediction: { status: 'REJECT', code: 'RETRYING', state: { type: 'SCHEDULED', name: 'AwaitingRetry' } },
});
const awaitingRetry = stateOf('retry', { name: 'AwaitingRetry', message: 'Retrying' });

describe('what the history of a run says about a transition that was sent', () => {
  test('a run that is still in the planned state was not moved so far', () => {
    expect(judgeHistory(sendingOf(), [stateOf('first'), planned])).toEqual({ kind: 'notYet' });
  });

  test('a state with the id of the transition proves that it was accepted', () => {
    expect(judgeHistory(sendingOf(), [planned, own()])).toMatchObject({
      kind: 'decided',
      status: 'ACCEPT',
      code: null,
      written: { id: 'own' },
      movedAnotherState: false,
    });
  });

  test('it is accepted also where the run went on since', () => {
    expect(judgeHistory(sendingOf(), [planned, own(), stateOf('late', { name: 'Late' })])).toMatchObject({
      status: 'ACCEPT',
      written: { id: 'own' },
      movedAnotherState: false,
    });
  });

  test('it moved another state than planned where one stands between', () => {
    expect(judgeHistory(sendingOf(), [planned, stateOf('other'), own()])).toMatchObject({
      status: 'ACCEPT',
      movedAnotherState: true,
    });
  });

  test('the predicted replacement right behind the planned state is the verdict that was predicted', () => {
    expect(judgeHistory(retrying, [planned, awaitingRetry])).toMatchObject({
      status: 'REJECT',
      code: 'RETRYING',
      reason: 'Retrying',
      written: { id: 'retry' },
      movedAnotherState: false,
    });
  });

  test('a replacement that is older than the sending is of another client', () => {
    const old = { ...awaitingRetry, timestamp: addSeconds(sent, -6) };
    expect(judgeHistory(retrying, [planned, old])).toMatchObject({
      status: 'ABORT',
      code: 'CHANGED_SINCE_PLAN',
      written: null,
    });
  });

  test.each([
    ['with another name', { ...awaitingRetry, name: 'Scheduled' }],
    ['of another type', { ...awaitingRetry, type: 'CANCELLED' as const }],
  ])('a state %s behind the planned one is of another client', (_what, state) => {
    expect(judgeHistory(retrying, [planned, state])).toMatchObject({ code: 'CHANGED_SINCE_PLAN' });
  });

  test('a history without the planned state and without the id is of another client', () => {
    expect(judgeHistory(sendingOf(), [stateOf('first')])).toMatchObject({ code: 'CHANGED_SINCE_PLAN' });
    expect(judgeHistory(sendingOf(), [])).toMatchObject({ code: 'CHANGED_SINCE_PLAN' });
  });

  test('the planned state itself is never what the transition wrote, though a caller gave it the same id', () => {
    const before = own('planned', { type: 'FAILED', name: 'Failed' });
    expect(judgeHistory(sendingOf(), [before])).toEqual({ kind: 'notYet' });
    expect(judgeHistory(sendingOf(), [before, stateOf('other')])).toMatchObject({
      code: 'CHANGED_SINCE_PLAN',
    });
  });

  test('an id in any history means that the transition was accepted, and names its state', () => {
    const others = array(constantFrom(...stateTypes)).map(types =>
      types.map((type, index) => stateOf(`other ${index}`, { type })),
    );
    assert(
      property(others, nat(), nat(), (states, first, second) => {
        const history = [...states];
        history.splice(first % (history.length + 1), 0, planned);
        history.splice(second % (history.length + 1), 0, own());
        for (const sending of [sendingOf(), retrying])
          expect(judgeHistory(sending, history)).toMatchObject({
            kind: 'decided',
            status: 'ACCEPT',
            written: { id: 'own' },
            movedAnotherState: history.indexOf(planned) !== history.findIndex(({ id }) => id === 'own') - 1,
          });
      }),
    );
  });

  test('a call can be under way for as long as it may take, twice', () => {
    expect(underWayUntil(sent, 90)).toBe(addSeconds(sent, 180));
  });
});
