import { acceptsEncoding } from '../../src/http/acceptsEncoding';

test.each([
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['br;q=1.0, GZIP;q=0.5', true],
  ['*', true],
  ['gzip;q=0', false],
  ['*;q=0', false],
  ['gzip;q=0, *', false],
  ['br', false],
  ['', false],
  [null, false],
])('reads whether the Accept-Encoding %j accepts gzip: %j', (header, accepted) =>
  expect(acceptsEncoding(header, 'gzip')).toBe(accepted),
);
