import type { Field } from '../../../domain/fields';
import { normalizeUuid } from '../../../domain/identifiers';
import { parseInstant } from '../../../domain/instant';
import type { JsonObject } from '../../../domain/json';
import { type StateDetails, stateDetails } from '../../../domain/stateDetails';
import { jsonObject } from './values';

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

const fields = Object.entries<Field>(stateDetails.fields).map(([name, field]) => ({
  name,
  wireName: snakeCase(name),
  field,
}));

/** The stored form of a value, for its check. A text that is no instant stays, and fails the check. */
function normalized({ kind }: Field, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (kind === 'id') return normalizeUuid(value);
  if (kind !== 'instant') return value;
  try {
    return parseInstant(value);
  } catch {
    return value;
  }
}

/** What a state says beyond its type. What is null, or as it is without a value, is left out. */
export const wireStateDetails = jsonObject.nullish().transform((wire, context): StateDetails => {
  const details: Record<string, unknown> = {};
  for (const { name, wireName, field } of fields) {
    const value = normalized(field, wire?.[wireName]);
    if (value === undefined || value === null || value === field.whenAbsent) continue;
    const result = field.schema.safeParse(value);
    if (result.success) details[name] = result.data;
    else
      context.addIssue({
        code: 'custom',
        message: result.error.issues[0]?.message ?? 'is invalid',
        path: [wireName],
      });
  }
  return details;
});

/** The details of a proposed state as the API has them. */
export const detailsToWire = (details: StateDetails): JsonObject =>
  Object.fromEntries(
    Object.entries(details).flatMap(([name, value]) =>
      value === undefined ? [] : [[snakeCase(name), value]],
    ),
  );
