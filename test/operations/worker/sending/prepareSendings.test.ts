import type { BulkOperation, BulkOperationItem } from '../../../../src/domain/bulkOperation';
import type { Decision } from '../../../../src/domain/decision';
import type { FlowRunFacts } from '../../../../src/domain/facts';
import type { BulkOperationId, FlowRunId, LeaseId, StateId } from '../../../../src/domain/identifiers';
import { parseInstant } from '../../../../src/domain/instant';
import type { State } from '../../../../src/domain/state';
import type { DecidedItems } from '../../../../src/operations/worker/decideItems';
import {
  goneVerdict,
  type ItemVerdict,
  refusedVerdict,
} from '../../../../src/operations/worker/itemVerdicts';
import { prepareSendings } from '../../../../src/operations/worker/sending/prepareSendings';

const now = parseInstant('2026-11-25T12:00:00Z');
const operationId = '33333333-3333-4333-8333-333333333333' as BulkOperationId;
const stateId = 'current' as StateId;

const operationOf = (more: Partial<BulkOperation['definition']> = {}) =>
  ({ id: operationId, definition: { state: { type: 'SCHEDULED' }, force: false, ...more } }) as BulkOperation;
const itemOf = (name: string, attempts = 0) =>
  ({ operationId, flowRunId: name as FlowRunId, attempts }) as BulkOperationItem;

const failed: Partial<FlowRunFacts> = {
  stateId,
  stateType: 'FAILED',
  stateName: 'Failed',
  startTime: null,
  endTime: now,
  nextScheduledStartTime: null,
};
const restored: State = {
  id: 'restored' as StateId,
  type: 'FAILED',
  name: 'Failed',
  timestamp: now,
  message: null,
  data: { a: 1 },
  stateDetails: {
    flowRunId: 'a' as FlowRunId,
    transitionId: 'other',
    deploymentConcurrencyLeaseId: 'lease' as LeaseId,
    pauseTimeout: now,
  },
  actor: null,
  bulkOperationId: null,
};
const accepted: ItemVerdict = {
  status: 'ACCEPT',
  code: null,
  reason: null,
  delaySeconds: null,
  previousStateId: stateId,
  stateId: null,
  before: null,
};

/** What was decided: a decision for each of these runs, and the verdicts of the others. */
function decidedOf(
  runs: Record<string, Partial<FlowRunFacts>>,
  others: Record<string, ItemVerdict> = {},
  refusals: Record<string, string> = {},
): DecidedItems {
  const decisions = Object.keys(runs).map(name => ({
    flowRunId: name as FlowRunId,
    verdict: { status: 'ACCEPT' },
    transition: { state: restored },
  })) as unknown as Decision[];
  const facts = Object.entries(runs).map(([name, more]) => [name, { id: name, ...more }] as const);
  const verdicts = { ...Object.fromEntries(Object.keys(runs).map(name => [name, accepted])), ...others };
  return {
    verdicts: new Map(Object.entries(verdicts)),
    decided: { batch: { decisions }, runs: new Map(facts) },
    refusals: new Map(Object.entries(refusals)),
  } as unknown as DecidedItems;
}

describe('the items of a batch', () => {
  test('become transitions with the state that they were decided on as their guard', () => {
    const { sendings, verdicts } = prepareSendings(
      operationOf(),
      [itemOf('a')],
      decidedOf({ a: failed }),
      now,
    );
    expect(verdicts.size).toBe(0);
    expect(sendings.get('a' as FlowRunId)).toMatchObject({
      flowRunId: 'a',
      from: { stateId, stateType: 'FAILED', stateName: 'Failed', endTime: now },
      proposal: { type: 'SCHEDULED' },
      force: false,
      prediction: { status: 'ACCEPT', code: null, state: { type: 'FAILED', name: 'Failed' } },
      sent: now,
    });
  });

  test('have the same id of their transition in each try, and another one for each run, attempt and operation', () => {
    const idOf = (item: BulkOperationItem) =>
      prepareSendings(operationOf(), [item], decidedOf({ [item.flowRunId]: failed }), now).sendings.get(
        item.flowRunId,
      )?.transitionId;
    expect(idOf(itemOf('a'))).toBe(idOf(itemOf('a')));
    const other = { ...itemOf('a'), operationId: '44444444-4444-4444-8444-444444444444' as BulkOperationId };
    const ids = [itemOf('a'), itemOf('b'), itemOf('a', 1), other].map(idOf);
    expect(new Set(ids).size).toBe(4);
  });

  test('of an undo propose the earlier state by force, without what belonged to its moment', () => {
    const { sendings } = prepareSendings(
      operationOf({ state: null }),
      [itemOf('a')],
      decidedOf({ a: failed }),
      now,
    );
    const { proposal, force } = sendings.get('a' as FlowRunId) ?? {};
    expect(force).toBe(true);
    expect(proposal).toEqual({
      type: 'FAILED',
      name: 'Failed',
      data: { a: 1 },
      stateDetails: { pauseTimeout: now },
    });
  });

  test('that are gone, refused or without a state need no server', () => {
    const { sendings, verdicts } = prepareSendings(
      operationOf(),
      ['gone', 'refused', 'blank', 'sent'].map(name => itemOf(name)),
      decidedOf(
        { refused: failed, blank: { stateId: null, stateType: null, stateName: null }, sent: failed },
        { gone: goneVerdict, refused: refusedVerdict('No.', stateId) },
        { refused: 'No.' },
      ),
      now,
    );
    expect([...sendings.keys()]).toEqual(['sent']);
    expect(Object.fromEntries(verdicts)).toMatchObject({
      gone: { code: 'FLOW_RUN_NOT_FOUND' },
      refused: { code: 'UPSTREAM', reason: 'No.' },
      blank: { status: 'ABORT', code: 'UPSTREAM', reason: expect.stringContaining('no state') },
    });
  });

  test('must all be decided', () => {
    expect(() => prepareSendings(operationOf(), [itemOf('a')], decidedOf({}), now)).toThrow(
      'an item was not decided',
    );
  });
});
