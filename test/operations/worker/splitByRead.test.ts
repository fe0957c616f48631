import type { BulkOperationItem } from '../../../src/domain/bulkOperation';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { splitByRead } from '../../../src/operations/worker/splitByRead';
import type { UnreadRuns } from '../../../src/transitions/transitionSender';

const itemOf = (flowRunId: string, isMatch: boolean, matchesAbove: string[] | null = null) =>
  ({ flowRunId, isMatch, matchesAbove }) as BulkOperationItem;
const unread: UnreadRuns = new Map(
  ['lost', 'alsoLost'].map(id => [id as FlowRunId, { isServerFault: true, reason: 'HTTP 500' }]),
);

describe('an item', () => {
  test.each([
    ['where its own run could not be read', itemOf('lost', true)],
    ['where the only run above it that matches could not be read', itemOf('subflow', false, ['lost'])],
    [
      'where none of the runs above it that match could be read',
      itemOf('subflow', false, ['lost', 'alsoLost']),
    ],
  ])('is not decided %s', (_case, item) => {
    const { read, verdicts } = splitByRead([item], unread);
    expect(read).toEqual([]);
    expect(verdicts.get(item.flowRunId)).toMatchObject({ status: 'ABORT', code: 'UPSTREAM_FAILED' });
  });

  test.each([
    ['because of itself', itemOf('run', true, ['lost']), []],
    ['because of the runs above it that could be read', itemOf('run', false, ['lost', 'read']), ['read']],
    ['as it is where all of them could be read', itemOf('run', false, ['read']), ['read']],
    ['as it is where none is above it', itemOf('run', true), null],
  ])('is decided %s', (_case, item, matchesAbove) => {
    const { read, verdicts } = splitByRead([item], unread);
    expect(read).toEqual([{ ...item, matchesAbove }]);
    expect(verdicts.size).toBe(0);
  });
});
