import { z } from 'zod';
import { maxNamedIssues } from '../../domain/errors';
import { ExactNumber } from '../../domain/exactNumber';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json';

const exact = new WeakSet<z.core.$ZodType>();

/** Marks a schema below which every number is stored as it was written. Elsewhere numbers are JavaScript's. */
export function exactNumbers<Schema extends z.ZodType>(schema: Schema): Schema {
  exact.add(schema);
  return schema;
}

/** Whether numbers below a schema are stored as they were written. */
export const hasExactNumbers = (schema: z.core.$ZodType): boolean => exact.has(schema);

/** Any JSON; not checked again, since it comes from `readJson`. */
export const json = exactNumbers(
  z.custom<Json>(value => value !== undefined, 'must be JSON').transform(value => value),
);

const anyObject = z
  .unknown()
  .meta({ type: 'object' })
  .transform((value, context): JsonObject => {
    if (isJsonObject(value)) return value;
    context.addIssue({ code: 'invalid_type', expected: 'record', input: value });
    return z.NEVER;
  });

/** A JSON object with any names and values. zod's own records lose the name `__proto__`. */
export const jsonObject = exactNumbers(anyObject);

/** A list of any JSON with a maximum length. */
export const jsonListUpTo = (maxListLength: number) => exactNumbers(z.array(json).max(maxListLength));

/** An object with any names, whose values are all of one kind. */
const objectOf = <Value extends Json>(isValid: (value: Json) => value is Value, message: string) =>
  exactNumbers(
    anyObject.transform((object, context): Readonly<Record<string, Value>> => {
      const wrong = Object.keys(object).filter(name => !isValid(object[name] ?? null));
      // One more than is named says that there are more; each issue costs time.
      for (const name of wrong.slice(0, maxNamedIssues + 1))
        context.addIssue({ code: 'custom', message, path: [name] });
      return wrong.length === 0 ? (object as Readonly<Record<string, Value>>) : z.NEVER;
    }),
  );

const isLabel = (value: Json): value is string | number | boolean | ExactNumber =>
  ['string', 'number', 'boolean'].includes(typeof value) || value instanceof ExactNumber;

/** Labels: short values by their names. */
export const labelObject = objectOf(isLabel, 'must be text, a number, true or false');

/** Texts by their names. */
export const textObject = objectOf((value): value is string => typeof value === 'string', 'must be text');

/** A number that is stored as it was written, without a bound or with a least one. */
export const storedNumber = (least = Number.NEGATIVE_INFINITY, message = 'must be a number') =>
  exactNumbers(
    z
      .union([z.number(), z.instanceof(ExactNumber)], 'must be a number')
      .refine(number => Number(number) >= least, message),
  );
