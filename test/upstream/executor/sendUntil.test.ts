import type { FlowRunId } from '../../../src/domain/identifiers';
import type { SendingOutcome } from '../../../src/domain/sending';
import type { TransitionSender } from '../../../src/transitions/transitionSender';
import { sendUntil } from '../../../src/upstream/executor/sendUntil';
import { own, sendingOf } from './sendings';

const sending = sendingOf();
const { flowRunId } = sending;
const accepted: SendingOutcome = {
  kind: 'decided',
  status: 'ACCEPT',
  code: null,
  reason: null,
  delaySeconds: null,
  written: own(),
  movedAnotherState: false,
};
const unknown = (afterSeconds: number): SendingOutcome => ({
  kind: 'unknown',
  cause: 'reset',
  isServerError: false,
  afterSeconds,
});

const senderOf = (more: Partial<TransitionSender>): TransitionSender => ({
  inFlight: 2,
  maxCallSeconds: 90,
  refresh: async () => new Map(),
  send: async () => accepted,
  resolve: async () => accepted,
  ...more,
});
const within = (milliseconds: number) => performance.now() + milliseconds;

describe('sending the transitions of one call', () => {
  test('reports a transition without a response as unknown when the time is up', async () => {
    const never = new Promise<SendingOutcome>(() => undefined);

    const outcomes = await sendUntil(
      senderOf({ send: () => never, resolve: () => never }),
      [sending],
      within(50),
    );

    expect(outcomes.get(flowRunId)).toMatchObject({ kind: 'unknown' });
  });

  test('begins no transition when the time is up', async () => {
    const send = jest.fn(async () => accepted);

    const outcomes = await sendUntil(senderOf({ send }), [sending], within(0));

    expect(outcomes.get(flowRunId)).toMatchObject({ kind: 'notSent' });
    expect(send).not.toHaveBeenCalled();
  });

  test('sends again only when the server cannot be at work on the call before', async () => {
    const leaves: boolean[] = [];
    const resolve: TransitionSender['resolve'] = async (_sending, mayResend) => {
      leaves.push(mayResend);
      return mayResend ? accepted : unknown(5);
    };

    const sender = senderOf({ send: async () => unknown(2), resolve });
    const outcomes = await sendUntil(sender, [sending], within(10_000));

    expect(leaves).toEqual([false, true]);
    expect(outcomes.get(flowRunId)).toEqual(accepted);
  });

  test('reads the history before the time is up, also where the call may not be sent again', async () => {
    const leaves: boolean[] = [];
    const resolve: TransitionSender['resolve'] = async (_sending, mayResend) => {
      leaves.push(mayResend);
      return accepted;
    };

    const sender = senderOf({ send: async () => unknown(90), resolve });
    const outcomes = await sendUntil(sender, [sending], within(1500));

    expect(leaves).toEqual([false]);
    expect(outcomes.get(flowRunId)).toEqual(accepted);
  });

  test('begins no other transition once one fails by a fault of this program, and waits for those that are under way', async () => {
    const sendings = ['a', 'b', 'c', 'd'].map(id => sendingOf({ flowRunId: id as FlowRunId }));
    let underWay = 0;
    const send = jest.fn(async ({ flowRunId: id }: { flowRunId: FlowRunId }) => {
      if (id === 'a') throw new Error('a fault');
      underWay++;
      await new Promise(resolve => setImmediate(resolve));
      underWay--;
      return accepted;
    });

    await expect(sendUntil(senderOf({ send }), sendings, within(5000))).rejects.toThrow('a fault');

    expect(underWay).toBe(0);
    expect(send).toHaveBeenCalledTimes(2);
  });
});
