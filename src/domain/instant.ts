import { Temporal } from 'temporal-polyfill';

declare const brand: unique symbol;

/**
 * A point in time to the microsecond, in UTC: `2026-11-23T15:34:00.123456Z`. Always 27 characters, so that
 * the order of the texts is the order of the instants. Years 0001 to 9999.
 */
export type Instant = string & { readonly [brand]: 'Instant' };

/** Answers the present. Handed in wherever time is read, so that tests can hold it still. */
export type Clock = () => Instant;

// Temporal refuses more than nine digits of a second.
const pastNanoseconds = /(?<=[.,]\d{9})\d+/;

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

// Temporal reads a leap second as the second before it.
const leapSecond = /[T ]\d\d:?\d\d:?60/i;

/**
 * Reads an RFC 3339 instant with any offset. Digits past the microsecond are cut, not rounded.
 *
 * @throws RangeError where the text is no instant, is a leap second, or lies outside the years 0001 to 9999.
 */
export function parseInstant(text: string): Instant {
  if (leapSecond.test(text)) throw new RangeError(`${text} is a leap second`);
  const read = Temporal.Instant.from(text.replace(pastNanoseconds, ''));
  const instant = read.toString({ fractionalSecondDigits: 6, roundingMode: 'floor' });
  if (!shape.test(instant) || instant.startsWith('0000')) {
    throw new RangeError(`${text} lies outside the years 0001 to 9999`);
  }
  return instant as Instant;
}

/** Whether a text is an instant in the form that instants have here: no other offset, no other number of digits. */
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

/** The instant so many whole microseconds after the given one; fewer than none go back. */
export function addMicroseconds(instant: Instant, microseconds: number): Instant {
  const total = microsecondDigits(instant) + microseconds;
  const carried = Math.floor(total / 1000);
  return fromParts(millisecondsOf(instant) + carried, total - carried * 1000);
}

/** The instant so many seconds after the given one, rounded to the microsecond. */
export const addSeconds = (instant: Instant, seconds: number): Instant =>
  addMicroseconds(instant, Math.round(seconds * 1_000_000));

/** The seconds from `earlier` to `later`, exact to the microsecond; negative where they are the other way round. */
export function secondsBetween(earlier: Instant, later: Instant): number {
  const milliseconds = millisecondsOf(later) - millisecondsOf(earlier);
  return (milliseconds * 1000 + microsecondDigits(later) - microsecondDigits(earlier)) / 1_000_000;
}

const allowedDriftMilliseconds = 2;

/**
 * A clock that reads microseconds from the process's own timer and follows the system's clock, whose readings
 * stop at milliseconds.
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
