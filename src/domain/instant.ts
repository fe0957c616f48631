import { Temporal } from 'temporal-polyfill';

declare const brand: unique symbol;

/**
 * A point in time in UTC, to the microsecond: `2026-11-23T15:34:00.123456Z`. It always has 27 characters, so that the
 * texts sort like the instants. Years 0001 to 9999.
 */
export type Instant = string & { readonly [brand]: 'Instant' };

/** Returns the current time. Passed as an argument, so that tests can stop it. */
export type Clock = () => Instant;

// Temporal rejects more than nine digits of a second.
const pastNanoseconds = /(?<=[.,]\d{9})\d+/;

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

// Temporal parses a leap second as the second before it.
const leapSecond = /[T ]\d\d:?\d\d:?60/i;

const inUtc = /^([1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;

/** Whether there is such a second, such as `2026-11-23T15:34:00`: others become a later one, or none. */
function isSecond(text: string): boolean {
  const milliseconds = Date.parse(`${text}Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text);
}

/** The usual form of an instant, which takes a tenth of the time that `Temporal` takes; null for all others. */
function parseUsual(text: string): Instant | null {
  const [, second, fraction = ''] = inUtc.exec(text) ?? [];
  if (second === undefined || !isSecond(second)) return null;
  return `${second}.${fraction.padEnd(6, '0')}Z` as Instant;
}

/**
 * Parses an RFC 3339 instant with any offset. Truncates digits after the microsecond.
 *
 * @throws RangeError for an invalid instant, a leap second, or a year outside 0001 to 9999.
 */
export function parseInstant(text: string): Instant {
  const usual = parseUsual(text);
  if (usual !== null) return usual;
  if (leapSecond.test(text)) throw new RangeError(`${text} is a leap second`);
  const read = Temporal.Instant.from(text.replace(pastNanoseconds, ''));
  const instant = read.toString({ fractionalSecondDigits: 6, roundingMode: 'floor' });
  if (!shape.test(instant) || instant.startsWith('0000')) {
    throw new RangeError(`${text} lies outside the years 0001 to 9999`);
  }
  return instant as Instant;
}

/** Whether a text is an instant in the stored form: UTC with six digits. */
export function isInstant(text: string): text is Instant {
  try {
    return parseInstant(text) === text;
  } catch {
    return false;
  }
}

const millisecondsOf = (instant: Instant): number => Date.parse(`${instant.slice(0, 23)}Z`);
const microsecondDigits = (instant: Instant): number => Number(instant.slice(23, 26));

function fromParts(milliseconds: number, microseconds: number): Instant {
  const date = new Date(milliseconds).toISOString();
  if (date.length !== 24) throw new RangeError(`${date} lies outside the years 0001 to 9999`);
  return `${date.slice(0, 23)}${String(microseconds).padStart(3, '0')}Z` as Instant;
}

/** Adds a number of microseconds, which may be negative. */
export function addMicroseconds(instant: Instant, microseconds: number): Instant {
  const total = microsecondDigits(instant) + microseconds;
  const carried = Math.floor(total / 1000);
  return fromParts(millisecondsOf(instant) + carried, total - carried * 1000);
}

/** Adds a number of seconds, rounded to the microsecond. */
export const addSeconds = (instant: Instant, seconds: number): Instant =>
  addMicroseconds(instant, Math.round(seconds * 1_000_000));

/** The microseconds from `earlier` to `later`; negative if `later` comes first. */
export const microsecondsBetween = (earlier: Instant, later: Instant): bigint =>
  BigInt(millisecondsOf(later) - millisecondsOf(earlier)) * 1000n +
  BigInt(microsecondDigits(later) - microsecondDigits(earlier));

/** The seconds from `earlier` to `later`, exact to the microsecond; negative if `later` comes first. */
export function secondsBetween(earlier: Instant, later: Instant): number {
  const milliseconds = millisecondsOf(later) - millisecondsOf(earlier);
  return (milliseconds * 1000 + microsecondDigits(later) - microsecondDigits(earlier)) / 1_000_000;
}

/** Seconds rounded to the microsecond: without the error of a sum, or of the form in which a fraction was stored. */
export const toMicroseconds = (seconds: number): number => Math.round(seconds * 1_000_000) / 1_000_000;

const allowedDriftMilliseconds = 2;

/**
 * Creates a clock with microseconds: it follows the system clock, which has milliseconds, by the timer of the
 * process.
 */
export function systemClock(): Clock {
  let anchor = performance.timeOrigin;
  return () => {
    const wall = Date.now();
    if (Math.abs(anchor + performance.now() - wall) > allowedDriftMilliseconds)
      anchor = wall - performance.now();
    const milliseconds = anchor + performance.now();
    const whole = Math.floor(milliseconds);
    return fromParts(whole, Math.floor((milliseconds - whole) * 1000));
  };
}
