import { z } from 'zod';
import { ExactNumber } from '../../../domain/exactNumber';
import { uuid } from '../../../domain/fields';
import { normalizeUuid } from '../../../domain/identifiers';
import { type Instant, parseInstant } from '../../../domain/instant';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json';

/** The id of one noun. */
export const idOf = <Id extends string>() => uuid.transform(text => normalizeUuid(text) as Id);

/** A point in time, with 0 to 9 digits of a second and any offset. */
export const instant = z.string().transform((text, context): Instant => {
  try {
    return parseInstant(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not an instant such as 2026-11-23T15:34:00.123456Z' });
    return z.NEVER;
  }
});

/** A number; a JSON number such as `1.0` is read as it was written. */
export const number = z.preprocess(value => (value instanceof ExactNumber ? value.value : value), z.number());

/** A whole number. */
export const wholeNumber = z.preprocess(
  value => (value instanceof ExactNumber ? value.value : value),
  z.int(),
);

/** Any JSON. It comes from a parser, so only its absence is checked. */
export const json = z.custom<Json>(value => value !== undefined, 'is missing');

/** A JSON object with any names and values. */
export const jsonObject = z.custom<JsonObject>(isJsonObject, 'must be an object');

/** Text, or null for none. */
export const optionalText = z
  .string()
  .nullish()
  .transform(text => text ?? null);
