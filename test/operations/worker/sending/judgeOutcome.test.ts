import type { BulkOperationId } from '../../../../src/domain/identifiers';
import type { SendingOutcome } from '../../../../src/domain/sending';
import { judgeOutcome } from '../../../../src/operations/worker/sending/judgeOutcome';
import { own, sendingOf } from '../../../upstream/executor/sendings';

const decided: SendingOutcome = {
  kind: 'decided',
  status: 'ACCEPT',
  code: null,
  reason: null,
  delaySeconds: null,
  written: own(),
  movedAnotherState: false,
};
/** An operation that is no undo. */
const move = { restores: null };
const failed: SendingOutcome = { kind: 'unknown', cause: '500', isServerError: true, afterSeconds: 1 };
const unanswered: SendingOutcome = { ...failed, cause: 'reset', isServerError: false };

/** The fates of an item whose sending has these outcomes one after the other. */
function fatesOf(outcomes: readonly SendingOutcome[]) {
  let before: Parameters<typeof judgeOutcome>[2];
  return outcomes.map(outcome => {
    const fate = judgeOutcome(move, sendingOf(), before, outcome);
    if (fate.kind === 'stillSent') before = fate;
    return fate;
  });
}

describe('what becomes of an item after a try to send it', () => {
  test('a decided one is settled with what the server wrote, and what it replaced', () => {
    expect(judgeOutcome(move, sendingOf(), undefined, { ...decided, movedAnotherState: true })).toMatchObject(
      {
        kind: 'settled',
        movedAnotherState: true,
        verdict: { status: 'ACCEPT', stateId: 'own', previousStateId: 'planned', before: { columns: {} } },
      },
    );
  });

  test('one that changed since the plan is skipped, with nothing to undo', () => {
    const changed = { ...decided, status: 'ABORT', code: 'CHANGED_SINCE_PLAN', written: null } as const;
    expect(judgeOutcome(move, sendingOf(), undefined, changed)).toMatchObject({
      verdict: { status: 'SKIPPED', code: 'CHANGED_SINCE_PLAN', stateId: null, before: null },
    });
  });

  test('one of an undo that changed since the undone operation is skipped as that', () => {
    const undo = { restores: 'undone' as BulkOperationId };
    const changed = { ...decided, status: 'ABORT', code: 'CHANGED_SINCE_PLAN', written: null } as const;
    expect(judgeOutcome(undo, sendingOf(), undefined, changed)).toMatchObject({
      verdict: { status: 'SKIPPED', code: 'CHANGED_SINCE_OPERATION', stateId: null, before: null },
    });
  });

  test('one without a known result is looked after again, later after each try, at most 30 seconds', () => {
    const waits = fatesOf(Array.from({ length: 8 }, () => unanswered)).map(fate =>
      fate.kind === 'stillSent' ? fate.afterSeconds : null,
    );
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  });

  test('it waits as long as the server may take where that is longer', () => {
    expect(judgeOutcome(move, sendingOf(), undefined, { ...unanswered, afterSeconds: 90 })).toMatchObject({
      afterSeconds: 90,
    });
  });

  test('one whose history is lost for minutes ends as unknown, and nothing is claimed about its run', () => {
    const lost: SendingOutcome = { ...unanswered, isHistoryLost: true };
    const fates = fatesOf(Array.from({ length: 20 }, () => lost));
    expect(fates.slice(0, -1).every(({ kind }) => kind === 'stillSent')).toBe(true);
    expect(fates.at(-1)).toMatchObject({
      kind: 'settled',
      verdict: {
        status: 'ABORT',
        code: 'UPSTREAM_UNKNOWN',
        reason: expect.stringContaining('The run may have been moved'),
        stateId: null,
        before: null,
      },
    });
  });

  test('one whose server is away waits for as long as it is', () => {
    const fates = fatesOf(Array.from({ length: 100 }, () => unanswered));
    expect(fates.every(({ kind }) => kind === 'stillSent')).toBe(true);
  });

  test('a server that fails five times alike is given up', () => {
    const fates = fatesOf(Array.from({ length: 5 }, () => failed));
    expect(fates.map(({ kind }) => kind)).toEqual([
      'stillSent',
      'stillSent',
      'stillSent',
      'stillSent',
      'settled',
    ]);
    expect(fates[4]).toMatchObject({ verdict: { status: 'ABORT', code: 'UPSTREAM_FAILED', stateId: null } });
  });

  test('failures that differ are counted from one, and lost responses never end it', () => {
    const other: SendingOutcome = { ...failed, cause: '503' };
    expect(fatesOf([failed, failed, failed, failed, other]).at(-1)).toMatchObject({
      kind: 'stillSent',
      tries: 5,
      failuresAlike: 1,
    });
    expect(fatesOf(Array.from({ length: 20 }, () => unanswered)).at(-1)).toMatchObject({
      kind: 'stillSent',
    });
  });

  test('one that was not sent is pending again', () => {
    const notSent: SendingOutcome = { kind: 'notSent', cause: 'busy', afterSeconds: 17 };
    expect(judgeOutcome(move, sendingOf(), undefined, notSent)).toEqual({
      kind: 'pendingAgain',
      afterSeconds: 17,
    });
  });

  test('refused credentials leave a new one pending, and one that was sent before as it is', () => {
    const refused: SendingOutcome = { kind: 'refused', cause: '401' };
    expect(judgeOutcome(move, sendingOf(), undefined, refused)).toMatchObject({ kind: 'pendingAgain' });
    const before = { tries: 2, failuresAlike: 1, lastFailure: 'reset' };
    expect(judgeOutcome(move, sendingOf(), before, refused)).toMatchObject({ kind: 'stillSent', tries: 3 });
  });
});
