import { UsageError } from './errors';

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Reads a point in time: `24h` is 24 hours ago; else a date, or a date with time and zone.
 *
 * @param option the option that has the value, for the message.
 * @throws UsageError for any other text.
 */
export function instantOf(text: string, option: string, now: Date): string {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const unitSeconds = seconds[unit];
  if (count !== undefined && unitSeconds !== undefined)
    return new Date(now.getTime() - Number(count) * unitSeconds * 1000).toISOString();
  const isZoned = /^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d))?$/.test(text);
  const date = new Date(text);
  if (!isZoned || Number.isNaN(date.getTime()))
    throw new UsageError(
      `${option}: must be a time ago such as 30m, 24h or 7d, a date in UTC, or a time with its zone such as 2026-11-25T22:00Z (got ${text})`,
    );
  return /[Tt ]\d\d:\d\d:\d\d\.\d{4,}/.test(text) ? text : date.toISOString();
}
