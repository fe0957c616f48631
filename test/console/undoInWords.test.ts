import { undoInWords } from '../../console/operations/undoInWords';
import { bulkOperationStatuses } from '../../src/domain/bulkOperationEnums';

describe('the words for an undone operation', () => {
  it.each([
    ['COMPLETED', 'undone'],
    ['COMPLETED_WITH_FAILURES', 'partly undone'],
    ['CANCELLED', 'undo cancelled'],
    ['FAILED', 'undo failed'],
  ] as const)('are those of how its undo ended: %s', (status, words) => {
    expect(undoInWords(status)).toBe(words);
  });

  it('say in every other status of the undo that it goes on', () => {
    const ended = ['COMPLETED', 'COMPLETED_WITH_FAILURES', 'CANCELLED', 'FAILED'];
    const others = Object.keys(bulkOperationStatuses).filter(status => !ended.includes(status));
    expect(others.length).toBeGreaterThan(3);
    for (const status of others as (keyof typeof bulkOperationStatuses)[])
      expect(undoInWords(status)).toBe('being undone');
  });
});
