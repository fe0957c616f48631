import * as fc from 'fast-check';
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Known } from './known';
import { flags, ids, instants, json, nothing, numbers, texts, weighted, wrong } from './scalars';
import type { Field, Value } from './value';

/** Makes values of an input type, most of them valid, for the place that the names on the way there describe. */
export type Inputs = (type: GraphQLInputType, place: readonly string[]) => fc.Arbitrary<Value>;

const oneInSo = 40;

/** Values for every input type of a schema. */
export function createInputs(known: Known): Inputs {
  const objects = new Map<string, fc.Arbitrary<Value>>();

  function scalar(name: string, place: readonly string[]): fc.Arbitrary<Value> {
    switch (name) {
      case 'ID':
        return ids(known, place);
      case 'DateTime':
        return instants;
      case 'Int':
      case 'Float':
        return numbers;
      case 'Boolean':
        return flags;
      case 'JSON':
        return json;
      default:
        return place[place.length - 1] === 'after'
          ? weighted(
              [3, fc.constantFrom(...known.cursors).map((text): Value => ({ kind: 'text', text }))],
              [1, texts(known)],
            )
          : texts(known);
    }
  }

  function field(
    type: GraphQLInputObjectType,
    name: string,
    fieldType: GraphQLInputType,
  ): fc.Arbitrary<Field | null> {
    const present = value(fieldType, [type.name, name]).map((inner): Field => [name, inner]);
    return isNonNullType(fieldType)
      ? weighted([30, present], [1, fc.constant(null)])
      : weighted([2, present], [5, fc.constant(null)]);
  }

  function object(type: GraphQLInputObjectType): fc.Arbitrary<Value> {
    const made = objects.get(type.name);
    if (made !== undefined) return made;
    const fields = Object.values(type.getFields()).map(({ name, type: inner }) => field(type, name, inner));
    const unknown = weighted<Field | null>(
      [oneInSo, fc.constant(null)],
      [1, wrong.map((inner): Field => ['unknownField', inner])],
    );
    const arbitrary = fc
      .tuple(...fields, unknown)
      .map((found): Value => ({ kind: 'object', fields: found.filter(one => one !== null) }));
    objects.set(type.name, arbitrary);
    return arbitrary;
  }

  function named(type: GraphQLNamedInputType, place: readonly string[]): fc.Arbitrary<Value> {
    if (isInputObjectType(type)) return object(type);
    if (isEnumType(type))
      return fc.constantFrom(...type.getValues().map(({ name }): Value => ({ kind: 'name', text: name })));
    return scalar(type.name, place);
  }

  function valid(type: GraphQLInputType, place: readonly string[]): fc.Arbitrary<Value> {
    if (isNonNullType(type)) return valid(type.ofType, place);
    if (isListType(type))
      return weighted<Value>(
        [8, fc.array(value(type.ofType, place), { maxLength: 3 }).map(items => ({ kind: 'list', items }))],
        [1, value(type.ofType, place)],
      );
    return named(type, place);
  }

  function value(type: GraphQLInputType, place: readonly string[]): fc.Arbitrary<Value> {
    return weighted([oneInSo, valid(type, place)], [1, wrong], [1, fc.constant(nothing)]);
  }

  return value;
}
