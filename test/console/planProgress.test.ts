import { planProgress } from '../../console/runs/act/planProgress';

const counts = { pending: 0, accepted: 0, rejected: 0, aborted: 0, waiting: 0, skipped: 0 };

describe('the progress of a plan', () => {
  it('has no numbers before its runs are selected', () => {
    expect(planProgress({ counts: { ...counts, matched: 0 } })).toBe('Planning …');
  });

  it('says how many of its runs are planned', () => {
    expect(planProgress({ counts: { ...counts, matched: 3000, pending: 1200 } })).toBe(
      'Planning, 1,800 of 3,000',
    );
  });
});
