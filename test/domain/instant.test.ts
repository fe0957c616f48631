import { parseInstant } from '../../src/domain/instant';

describe('parseInstant', () => {
  it.each([
    ['2026-11-23T15:34:00Z', '2026-11-23T15:34:00.000000Z'],
    ['2026-11-23T15:34:00.1234569Z', '2026-11-23T15:34:00.123456Z'],
    ['2026-11-23T15:34:00.999999999Z', '2026-11-23T15:34:00.999999Z'],
    ['2026-11-23T15:34:00.12345699999Z', '2026-11-23T15:34:00.123456Z'],
    ['2026-11-23T21:04:00.123456789012+05:30', '2026-11-23T15:34:00.123456Z'],
  ])('reads %s as %s, without digits past the microsecond', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    '2026-11-23',
    '2026-11-23T15:34:00',
    '2026-13-23T15:34:00Z',
    '2016-12-31T23:59:60Z',
    '-000001-01-01T00:00:00Z',
    'now',
    '',
  ])('rejects %j', text => {
    expect(() => parseInstant(text)).toThrow(RangeError);
  });
});
