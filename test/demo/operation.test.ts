import { outcomeTable, progressBar } from '../../demo/operation';

describe('the progress bar', () => {
  test('grows with the decided runs', () => {
    expect(progressBar({ matched: 200, pending: 200 })).toBe(`[${'-'.repeat(40)}]   0%  0 of 200 decided`);
    expect(progressBar({ matched: 200, pending: 100 })).toBe(
      `[${'#'.repeat(20)}${'-'.repeat(20)}]  50%  100 of 200 decided`,
    );
    expect(progressBar({ matched: 200, pending: 0 })).toBe(`[${'#'.repeat(40)}] 100%  200 of 200 decided`);
  });

  test('is full if nothing is to be decided, and shows 100% only at the end', () => {
    expect(progressBar({ matched: 0, pending: 0 })).toContain('100%');
    expect(progressBar({ matched: 1000, pending: 1 })).toContain(' 99%');
  });
});

test('outcomes are printed most frequent first, with runs as examples', () => {
  const table = outcomeTable([
    {
      status: 'ABORT',
      code: 'NO_DEPLOYMENT',
      count: 2,
      sample: [{ name: 'calm-otter' }, { name: 'keen-lynx' }],
    },
    { status: 'ACCEPT', code: null, count: 30, sample: [{ name: 'brisk-heron' }] },
  ]);
  expect(table.split('\n').slice(2)).toEqual([
    'ACCEPT                   30    brisk-heron',
    'ABORT     NO_DEPLOYMENT  2     calm-otter, keen-lynx',
  ]);
});
