import { bucketsOf, choiceAfterKey, spanOf } from '../../console/runs/history/historyRange';

const now = new Date('2026-11-24T06:00:00Z');
const at = (text: string) => Date.parse(text);

describe('the range of the histogram', () => {
  it.each([
    [null, '2026-11-23T06:00:00Z', '2026-11-24T06:00:00Z'],
    [{ last: '1h' } as const, '2026-11-24T05:00:00Z', '2026-11-24T06:00:00Z'],
    [{ after: '2026-11-24T01:00:00Z', before: null }, '2026-11-24T01:00:00Z', '2026-11-24T06:00:00Z'],
    [{ after: null, before: '2026-11-24T01:00:00Z' }, '2026-11-23T01:00:00Z', '2026-11-24T01:00:00Z'],
    [
      { after: '2026-11-20T01:00:00Z', before: '2026-11-20T02:00:00Z' },
      '2026-11-20T01:00:00Z',
      '2026-11-20T02:00:00Z',
    ],
    [
      { after: '2026-11-24T01:00:00Z', before: '2026-11-24T01:00:00Z' },
      '2026-11-24T01:00:00Z',
      '2026-11-24T01:00:01Z',
    ],
  ])('is that of the filter %j, and a day where it is open', (time, from, to) => {
    expect(spanOf(time, now)).toEqual({ from: at(from), to: at(to) });
  });

  it('is chosen by arrows, extended with Shift, and stays within the buckets', () => {
    const start = choiceAfterKey({ anchor: 10, cursor: 10 }, 'ArrowLeft', false, 10);
    expect(start).toEqual({ anchor: 9, cursor: 9 });
    const extended = choiceAfterKey({ anchor: 9, cursor: 9 }, 'PageUp', true, 10);
    expect(extended).toEqual({ anchor: 9, cursor: 0 });
    expect(extended && bucketsOf(extended)).toEqual([0, 9]);
    expect(choiceAfterKey({ anchor: 9, cursor: 9 }, 'a', false, 10)).toBeNull();
  });
});
