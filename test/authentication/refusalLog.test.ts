import { createRefusalLog } from '../../src/authentication';

test('the log of refused callers writes 20 lines in 10 seconds, and then how many were left out', () => {
  const lines: unknown[] = [];
  let now = 0;
  const report = createRefusalLog(
    facts => lines.push(facts),
    () => now,
  );
  for (let number = 0; number < 100; number++) report({ number }, 'refused');
  expect(lines.length).toBe(20);
  now = 10_000;
  report({ number: 100 }, 'refused');
  report({ number: 101 }, 'refused');
  expect(lines.slice(20)).toEqual([{ number: 100, refusalsLeftOut: 80 }, { number: 101 }]);
});
