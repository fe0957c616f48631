import type { FlowRunId } from '../../../src/domain/identifiers';
import type { StateType } from '../../../src/domain/state';
import { type ParentRun, reachSubflows } from '../../../src/operations/selection/reachSubflows';

const id = (name: string) => name as FlowRunId;

/** An item: its run, whether the filter found it, and the matching runs above it. */
const item = (flowRunId: string, isMatch: boolean, above: readonly string[] = []): ParentRun => ({
  flowRunId: id(flowRunId),
  isMatch,
  matchesAbove: above.length === 0 ? null : above.map(id),
});
const subflow = (name: string, parent: string, stateType: StateType | null = 'RUNNING') => ({
  id: id(name),
  parentId: id(parent),
  stateType,
});

describe('the subflows that a selection reaches from an item', () => {
  test.each([
    ['the item itself, where it matches', item('parent', true), ['parent']],
    [
      'the matches above the item, and the item',
      item('parent', true, ['top', 'middle']),
      ['top', 'middle', 'parent'],
    ],
    ['only the matches above the item, where it does not match', item('parent', false, ['top']), ['top']],
  ])('have %s as the matches above them', (_title, parent, matchesAbove) => {
    expect(reachSubflows([parent], [subflow('child', 'parent')])).toEqual([
      { flowRunId: 'child', matchesAbove, isFinished: false },
    ]);
  });

  test.each<[StateType | null, boolean]>([
    [null, false],
    ['SCHEDULED', false],
    ['PENDING', false],
    ['RUNNING', false],
    ['PAUSED', false],
    ['CANCELLING', false],
    ['COMPLETED', true],
    ['FAILED', true],
    ['CRASHED', true],
    ['CANCELLED', true],
  ])('in the state %s count as finished: %s', (stateType, isFinished) => {
    const [reached] = reachSubflows([item('parent', true)], [subflow('child', 'parent', stateType)]);
    expect(reached?.isFinished).toBe(isFinished);
  });

  test.each([
    ['the item that it is reached from', item('parent', true), 'parent'],
    ['the topmost match above the item', item('parent', false, ['top', 'middle']), 'top'],
    ['a match between', item('parent', true, ['top', 'middle']), 'middle'],
  ])('do not include a subflow that is %s', (_title, parent, name) => {
    expect(reachSubflows([parent], [subflow(name, 'parent')])).toEqual([]);
  });

  test('do not include subflows of runs that are not among the items', () => {
    expect(reachSubflows([item('parent', true)], [subflow('child', 'other')])).toEqual([]);
  });

  test('have the matches above their own parent, in the order of discovery', () => {
    const parents = [item('b', true), item('a', true, ['top'])];
    const found = [subflow('b2', 'b'), subflow('b1', 'b'), subflow('a1', 'a')];
    expect(
      reachSubflows(parents, found).map(({ flowRunId, matchesAbove }) => [flowRunId, matchesAbove]),
    ).toEqual([
      ['b2', ['b']],
      ['b1', ['b']],
      ['a1', ['top', 'a']],
    ]);
  });

  test('store 32 matches above them at most: the topmost and the nearest', () => {
    const above = Array.from({ length: 32 }, (_, index) => `match ${index}`);
    const [reached] = reachSubflows([item('parent', true, above)], [subflow('child', 'parent')]);
    expect(reached?.matchesAbove).toEqual(['match 0', ...above.slice(2), 'parent']);
    const [passed] = reachSubflows([item('parent', false, above)], [subflow('child', 'parent')]);
    expect(passed?.matchesAbove).toEqual(above);
  });
});
