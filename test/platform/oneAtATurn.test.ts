import { setImmediate as turn } from 'node:timers/promises';
import { createOneAtATurn } from '../../src/platform/oneAtATurn';

test('begins work in the order of its requests, and no two pieces in one turn of the event loop', async () => {
  const next = createOneAtATurn();
  const begun: number[] = [];
  const works = [1, 2, 3].map(async number => {
    await next();
    begun.push(number);
  });
  const seen: number[] = [];
  while (begun.length < 3) {
    await turn();
    seen.push(begun.length);
  }
  await Promise.all(works);
  expect(begun).toEqual([1, 2, 3]);
  for (const [index, count] of seen.entries()) expect(count - (seen[index - 1] ?? 0)).toBeLessThanOrEqual(1);
});
