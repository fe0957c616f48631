import type { Json } from '../../src/domain/json';

/** An object as the recorded cases write it. */
export type Wire = { readonly [key: string]: Json };

export const isWire = (value: unknown): value is Wire =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const camelCase = (key: string): string =>
  key.replace(/_$/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const operators: Record<string, string> = { and_: 'AND', or_: 'OR' };

/**
 * Keys and values of the reference's JSON as this API names them: `any_` is `any`, the operator `and_` is AND. Elsewhere
 * `and_` is a text like any other: a tag, a name.
 */
export function toGraphQL(value: Json): Json {
  if (Array.isArray(value)) return value.map(toGraphQL);
  if (!isWire(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      camelCase(key),
      key === 'operator' && typeof inner === 'string' ? (operators[inner] ?? inner) : toGraphQL(inner),
    ]),
  );
}
