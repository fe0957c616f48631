import { setImmediate as turn } from 'node:timers/promises';
import { readJsonBody } from '../../src/http/readJsonBody';

const requestOf = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  return { arrayBuffer: () => Promise.resolve(bytes.buffer) };
};

const large = JSON.stringify({ text: 'x'.repeat(70_000) });
const small = '{"text":"x"}';

describe('the bodies of requests that arrive together', () => {
  test('are parsed one in a turn of the event loop if they are large, in their order', async () => {
    const parsed: number[] = [];
    const reading = [1, 2, 3].map(async number => {
      expect(await readJsonBody(requestOf(large), 1)).toEqual({ kind: 'value', value: JSON.parse(large) });
      parsed.push(number);
    });
    const seen = [0];
    while ((seen.at(-1) ?? 0) < reading.length) {
      await turn();
      seen.push(parsed.length);
    }
    await Promise.all(reading);
    expect(parsed).toEqual([1, 2, 3]);
    for (const [index, count] of seen.entries())
      expect(count - (seen[index - 1] ?? 0)).toBeLessThanOrEqual(1);
  });

  test('do not wait for large ones if they are small', async () => {
    const parsed: string[] = [];
    const read = async (name: string, text: string) => {
      await readJsonBody(requestOf(text), 1);
      parsed.push(name);
    };
    await Promise.all([read('large', large), read('small', small), read('small', small)]);
    expect(parsed).toEqual(['small', 'small', 'large']);
  });
});
