import { isUuid, normalizeUuid } from '../../domain/identifiers';
import { type Instant, parseInstant } from '../../domain/instant';
import type { Json } from '../../domain/json';
import { builder } from './builder';
import { jsonFromLiteral } from './jsonLiteral';

function readInstant(value: unknown): Instant {
  try {
    if (typeof value === 'string') return parseInstant(value);
  } catch {
    // Reported below, as values that are no text are.
  }
  throw new TypeError(
    `expected date, time and zone, for example 2026-11-24T00:00:00Z (got ${JSON.stringify(value)?.slice(0, 60)})`,
  );
}

function readUuid(value: unknown): string {
  if (typeof value === 'string' && isUuid(value)) return normalizeUuid(value);
  throw new TypeError(
    `expected a UUID, for example 0193a1b2-0000-7000-8000-000000000000 (got ${JSON.stringify(value)?.slice(0, 60)})`,
  );
}

builder.scalarType('DateTime', {
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  description:
    'An RFC 3339 instant, returned in UTC with microseconds: 2026-11-23T15:34:00.123456Z. Further digits are truncated.',
  serialize: value => value,
  parseValue: readInstant,
});

/**
 * The name of the scalar of ids in the code. Clients see it as `ID`, under which the builder knows only the scalar of
 * graphql-js, which accepts every text.
 */
export const idScalarName = 'UUID';

builder.scalarType(idScalarName, {
  description:
    'A UUID of any version. Upper case is the same id; responses are in lower case. Only the ids of items of bulk operations are other texts, and no input accepts them.',
  serialize: value => value,
  parseValue: readUuid,
});

builder.scalarType('JSON', {
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  description:
    'Any JSON value. Every number is returned digit for digit as it was sent: 12345678901234567890, 1.0, 1e-400. A number beyond 1.7976931348623157e308 must be an integer without an exponent. In a literal, a word without quotes is that text, and a variable of type Int or Float has the digits that its type has: declare it as JSON to send others. The order of the names in an object may change.',
  serialize: value => value,
  parseValue: value => value as Json,
  parseLiteral: (node, variables) => jsonFromLiteral(node, variables) as Json,
});
