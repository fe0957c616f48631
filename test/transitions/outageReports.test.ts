import { unavailable } from '../../src/domain/errors';
import { asDatabaseError } from '../../src/persistence/connection/errorKind';
import { createOutageReports, type OutageLine } from '../../src/transitions/outageReports';

const lost = asDatabaseError(Object.assign(new Error('secret'), { code: 'ECONNRESET' }));
const readOnly = Object.assign(new Error('secret'), { code: 'ER_OPTION_PREVENTS_STATEMENT', errno: 1290 });

describe('the log of an outage', () => {
  let lines: OutageLine[];
  let time: number;
  let report: ReturnType<typeof createOutageReports>;
  beforeEach(() => {
    lines = [];
    time = 0;
    report = createOutageReports(
      line => void lines.push(line),
      () => time,
    );
  });

  it('has each cause at once, and of the error only its code', () => {
    report('a request failed', unavailable('Try again later.', lost));
    report('a request failed', readOnly);
    expect(lines).toEqual([
      { message: 'a request failed: The database cannot be reached.', code: 'ECONNRESET', times: 1 },
      {
        message: 'a request failed: The database is read-only.',
        code: 'ER_OPTION_PREVENTS_STATEMENT',
        times: 1,
      },
    ]);
  });

  it('repeats a lasting cause ever less often, with a count', () => {
    for (time = 0; time < 3_600_000; time += 100) report('a request failed', lost);
    expect(lines.length).toBeLessThan(25);
    expect(lines.slice(0, 3).map(({ times }) => times)).toEqual([1, 50, 100]);
  });

  it('has a cause that returned at once', () => {
    report('a request failed', lost);
    time = 20_000;
    report('a request failed', lost);
    expect(lines).toHaveLength(2);
  });
});
