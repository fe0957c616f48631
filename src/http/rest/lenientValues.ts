import { z } from 'zod';
import { uuid as domainUuid } from '../../domain/fields';
import { normalizeUuid } from '../../domain/identifiers';
import { addSeconds, type Instant, parseInstant } from '../../domain/instant';
import '../../config/zodMessages';

const bareUuid = /^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/;
const wrappedUuid = /^(?:\{(.{36})\}|urn:uuid:(.{36}))$/;

const withHyphens = (text: string): string => {
  const [, inBraces, inUrn] = wrappedUuid.exec(text) ?? [];
  return inBraces ?? inUrn ?? text.replace(bareUuid, '$1-$2-$3-$4-$5');
};

/** An id in any form that Prefect accepts: without hyphens, in braces, or as a URN. */
export const uuid = z
  .preprocess(value => (typeof value === 'string' ? withHyphens(value) : value), domainUuid)
  .transform(normalizeUuid);

const epoch = parseInstant('1970-01-01T00:00:00Z');
/** Beyond this absolute value, a number is in milliseconds. */
const maxUnixSeconds = 20_000_000_000;
const decimal = /^[+-]?\d+(?:\.\d+)?$/;
const dateTime =
  /^(\d{4}-\d\d-\d\d)(?:[T_ ](\d\d)(?::(\d\d)(?::(\d\d(?:[.,]\d+)?))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

const fromUnixTime = (number: number): Instant =>
  addSeconds(epoch, Math.abs(number) > maxUnixSeconds ? number / 1000 : number);

/**
 * Reads a point in time as the reference does: a date, with or without a time and an offset, or a Unix time as a number or
 * as digits, in seconds or milliseconds. What has no offset is in UTC, and a date alone is its midnight.
 *
 * @throws RangeError where it is none, or lies outside the years 0001 to 9999.
 */
function readInstant(value: string | number): Instant {
  if (typeof value === 'number') return fromUnixTime(value);
  if (decimal.test(value)) return fromUnixTime(Number(value));
  const [, date, hour = '00', minute = '00', second = '00', offset = 'Z'] = dateTime.exec(value) ?? [];
  return parseInstant(date === undefined ? value : `${date}T${hour}:${minute}:${second}${offset}`);
}

const notAnInstant = 'is not an instant such as 2026-11-23T15:34:00.123456Z';

/** A point in time; see `readInstant`. */
export const instant = z.union([z.string(), z.number()], notAnInstant).transform((value, context) => {
  try {
    return readInstant(value);
  } catch {
    context.addIssue({ code: 'custom', message: notAnInstant });
    return z.NEVER;
  }
});

const trueWords = new Set<unknown>([1, '1', 't', 'true', 'y', 'yes', 'on']);
const falseWords = new Set<unknown>([0, '0', 'f', 'false', 'n', 'no', 'off']);

/** A boolean, or a number or a word that Prefect accepts for one. */
export const truth = z.preprocess(value => {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (trueWords.has(word)) return true;
  return falseWords.has(word) ? false : value;
}, z.boolean());

const digits = /^\s*[+-]?\d+(?:_\d+)*(?:\.\d*)?\s*$/;

/** A number, or text that the reference accepts for one (`" 5 "`, `"1_000"`), checked by a further schema. */
export const numeric = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(
    value => (typeof value === 'string' && digits.test(value) ? Number(value.replaceAll('_', '')) : value),
    schema,
  );
