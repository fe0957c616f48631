import * as fc from 'fast-check';
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isUnionType,
} from 'graphql';
import type { Inputs } from './graphqlInputs';
import { weighted } from './scalars';
import { toJson, toLiteral, type Value } from './value';

/** A variable of a document: the place that it takes in the text has its number. */
export interface Variable {
  readonly type: string;
  readonly json: string;
}

/** A piece of a document; `$` and a number in `<>` stand for a variable until the document is put together. */
export interface Piece {
  readonly text: string;
  readonly variables: readonly Variable[];
}

const plain = (text: string): Piece => ({ text, variables: [] });

/** Puts pieces one behind the other; the variables are numbered anew. */
export function join(pieces: readonly Piece[], separator = ' '): Piece {
  const variables: Variable[] = [];
  const texts = pieces.map(piece => {
    const start = variables.length;
    variables.push(...piece.variables);
    return piece.text.replace(/\$<(\d+)>/g, (_, number: string) => `$<${start + Number(number)}>`);
  });
  return { text: texts.join(separator), variables };
}

const aliases = weighted(
  [20, fc.constant('')],
  [2, fc.constantFrom('a: ', 'b: ')],
  [1, fc.constantFrom('then: ', '__proto__: ', 'constructor: ', 'toJSON: ', 'id: ', 'errors: ')],
);

const directives = weighted(
  [20, fc.constant('')],
  [1, fc.constantFrom(' @include(if: true)', ' @skip(if: false)', ' @skip(if: true)', ' @include(if: 1)')],
  [1, fc.constantFrom(' @unknown', ' @deprecated', ' @defer', ' @stream')],
);

const argumentPiece = (name: string, type: string, value: Value, asVariable: boolean): Piece =>
  asVariable
    ? { text: `${name}: $<0>`, variables: [{ type, json: toJson(value) }] }
    : plain(`${name}: ${toLiteral(value)}`);

/** Makes selections of the fields of a schema. */
export interface Selections {
  /** One field of a type with its arguments and what is selected below, so many levels deep at most. */
  field(
    parent: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    levels: number,
  ): fc.Arbitrary<Piece>;
}

/** Selections of random shape, with arguments of random values. */
export function createSelections(schema: GraphQLSchema, inputs: Inputs): Selections {
  const sets = new Map<string, fc.Arbitrary<Piece>>();

  function argumentsOf({ args }: GraphQLField<unknown, unknown>, place: string[]): fc.Arbitrary<Piece> {
    const pieces = args.map(({ name, type }) => {
      const present = fc
        .tuple(inputs(type, [...place, name]), fc.boolean())
        .map(([value, asVariable]) => argumentPiece(name, String(type), value, asVariable));
      return isNonNullType(type)
        ? weighted<Piece | null>([40, present], [1, fc.constant(null)])
        : weighted<Piece | null>([2, present], [3, fc.constant(null)]);
    });
    return fc.tuple(...pieces).map(found => {
      const given = found.filter(piece => piece !== null);
      if (given.length === 0) return plain('');
      const { text, variables } = join(given);
      return { text: `(${text})`, variables };
    });
  }

  function field(
    parent: GraphQLCompositeType,
    definition: GraphQLField<unknown, unknown>,
    levels: number,
  ): fc.Arbitrary<Piece> {
    const type = getNamedType(definition.type);
    const below = isCompositeType(type) ? set(type, levels - 1) : fc.constant(plain(''));
    return fc
      .tuple(aliases, argumentsOf(definition, [parent.name, definition.name]), directives, below)
      .map(([alias, given, directive, inner]) =>
        join([plain(`${alias}${definition.name}`), given, plain(directive), inner], ''),
      );
  }

  function fragment(type: GraphQLCompositeType, levels: number): fc.Arbitrary<Piece> {
    return set(type, levels - 1).map(inner => join([plain(`... on ${type.name}`), inner]));
  }

  function set(type: GraphQLCompositeType, levels: number): fc.Arbitrary<Piece> {
    const key = `${type.name} ${levels}`;
    const made = sets.get(key);
    if (made !== undefined) return made;
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const reachable = fields.filter(one => levels > 0 || !isCompositeType(getNamedType(one.type)));
    const choices: (readonly [number, fc.Arbitrary<Piece>])[] = [[10, fc.constant(plain('__typename'))]];
    for (const one of reachable) choices.push([20, field(type, one, levels)]);
    if (isAbstractType(type) && levels > 0)
      for (const possible of schema.getPossibleTypes(type)) choices.push([30, fragment(possible, levels)]);
    if (!isUnionType(type) && levels > 0) choices.push([10, fragment(type, levels)]);
    choices.push([1, fc.constantFrom(plain('unknownField'), plain('...Missing'), plain(''))]);
    const arbitrary = fc
      .array(weighted(...choices), { minLength: 1, maxLength: 4 })
      .map(pieces => join([plain('{'), ...pieces, plain('}')]));
    sets.set(key, arbitrary);
    return arbitrary;
  }

  return { field };
}
