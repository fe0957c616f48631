import * as fc from 'fast-check';
import { z } from 'zod';
import type { Known } from './known';
import { flags, ids, instants, json, nothing, numbers, texts, weighted, wrong } from './scalars';
import type { Field, Value } from './value';

type JsonSchema = z.core.JSONSchema.JSONSchema;

const oneInSo = 40;
const instantName = /(_time|_timeout|_expiration|before_|after_)$/;

const nameOf = (place: readonly string[]): string => place[place.length - 1] ?? '';

const isObjectSchema = (schema: unknown): schema is JsonSchema =>
  typeof schema === 'object' && schema !== null;

/** Values of what a zod schema accepts before it transforms it, most of them valid. */
export function valuesOf(schema: z.ZodType, known: Known, place: readonly string[]): fc.Arbitrary<Value> {
  function object(
    { properties = {}, required = [] }: JsonSchema,
    at: readonly string[],
  ): fc.Arbitrary<Value> {
    const fields = Object.entries(properties).map(([name, inner]) => {
      const present = value(inner as JsonSchema, [...at, name]).map((found): Field => [name, found]);
      return required.includes(name)
        ? weighted<Field | null>([30, present], [1, fc.constant(null)])
        : weighted<Field | null>([2, present], [5, fc.constant(null)]);
    });
    const unknown = weighted<Field | null>(
      [oneInSo, fc.constant(null)],
      [1, wrong.map((found): Field => ['unknown_field', found])],
    );
    return fc
      .tuple(...fields, unknown)
      .map((found): Value => ({ kind: 'object', fields: found.filter(one => one !== null) }));
  }

  /** An object whose names are free. */
  const record = (items: JsonSchema, at: readonly string[]): fc.Arbitrary<Value> =>
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', '', 'ключ'), value(items, at)), { maxLength: 3 })
      .map((fields): Value => ({ kind: 'object', fields }));

  function ofType(type: string, of: JsonSchema, at: readonly string[]): fc.Arbitrary<Value> {
    switch (type) {
      case 'null':
        return fc.constant(nothing);
      case 'boolean':
        return flags;
      case 'integer':
      case 'number':
        return numbers;
      case 'array':
        return fc
          .array(value(isObjectSchema(of.items) ? of.items : {}, at), { maxLength: 3 })
          .map((items): Value => ({ kind: 'list', items }));
      case 'object':
        return of.properties || !isObjectSchema(of.additionalProperties)
          ? object(of, at)
          : record(of.additionalProperties, at);
      default:
        if (of.format === 'uuid') return ids(known, at);
        return instantName.test(nameOf(at)) ? instants : texts(known);
    }
  }

  function valid(of: JsonSchema, at: readonly string[]): fc.Arbitrary<Value> {
    if (of.enum)
      return fc.constantFrom(...of.enum.map((name): Value => ({ kind: 'name', text: String(name) })));
    const choices = of.anyOf ?? of.oneOf;
    if (choices) return fc.oneof(...choices.map(choice => value(choice, at)));
    // What refers to another schema is JSON of any shape, and so is what says nothing.
    if (of.$ref !== undefined || of.type === undefined)
      return weighted([3, json], [1, ids(known, at)], [1, instants]);
    const types: readonly string[] = Array.isArray(of.type) ? of.type : [of.type];
    return fc.oneof(...types.map(type => ofType(type, of, at)));
  }

  function value(of: JsonSchema, at: readonly string[]): fc.Arbitrary<Value> {
    return weighted([oneInSo, valid(of, at)], [1, wrong]);
  }

  return value(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), place);
}
