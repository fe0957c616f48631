import { z } from 'zod';
import type { Field, FieldKind } from '../../domain/fields';
import type { FilterOperator } from '../../domain/filterFields';
import { textObject } from './jsonFields';
import { instant, truth, uuid } from './lenientValues';
import { snakeCase } from './toWire';

const operators = { and_: 'AND', or_: 'OR' } as const satisfies {
  [Operator in FilterOperator as `${Lowercase<Operator>}_`]: Operator;
};

/** How each kind of field is read; a kind without another way of writing it by the field's own schema. */
const readers = {
  flag: () => truth,
  id: () => uuid,
  ids: () => z.array(uuid),
  instant: () => instant,
  operator: () =>
    z
      .enum(['and_', 'or_'])
      .default('and_')
      .transform(word => operators[word]),
  stateTypes: ({ schema }) => schema,
  text: ({ schema }) => schema,
  texts: ({ schema }) => schema,
  textsByName: () => textObject,
} as const satisfies Record<FieldKind, (field: Field) => z.ZodType>;

/** A field, a group of fields, or what only a body has, by its own name there. */
type BodyField = Field | BodyGroup | z.ZodType;

interface BodyGroup {
  readonly fields: { readonly [name: string]: BodyField };
}

/** How groups of one sort are written. */
interface Notation {
  readonly object: (shape: z.ZodRawShape) => z.ZodObject;
  readonly maxListLength: number;
  /** What follows the name of a field. */
  readonly suffix: '' | '_';
}

const isGroup = (field: Field | BodyGroup): field is BodyGroup => 'fields' in field;

function bodyField(name: string, field: BodyField, notation: Notation): [wireName: string, z.ZodType] {
  if (field instanceof z.ZodType) return [name, field];
  if (isGroup(field)) return [snakeCase(name), readGroup(field, notation).nullish()];
  const schema = readers[field.kind](field);
  if (field.kind === 'operator') return [name, schema];
  const bounded = schema instanceof z.ZodArray ? schema.max(notation.maxListLength) : schema;
  return [`${snakeCase(name)}${notation.suffix}`, bounded.nullish()];
}

/** Reads a group by the names on the wire. What is null or absent there is left out. */
function readGroup({ fields }: BodyGroup, notation: Notation): z.ZodType {
  const read = Object.entries(fields).map(([name, field]) => ({
    name,
    field: bodyField(name, field, notation),
  }));
  return notation.object(Object.fromEntries(read.map(({ field }) => field))).transform(body =>
    Object.fromEntries(
      read.flatMap(({ name, field: [wireName] }) => {
        const value = body[wireName];
        return value === undefined || value === null ? [] : [[name, value]];
      }),
    ),
  );
}

/** A filter. Unknown parts are rejected as in the reference: to ignore one would match others. */
export const filterBody = <Filter extends object>(group: BodyGroup, maxListLength: number) =>
  readGroup(group, { object: z.strictObject, maxListLength, suffix: '_' }) as z.ZodType<Filter>;

/** Details of something, none of which is a list. What newer clients may add is ignored, as in the reference. */
export const detailsBody = <Details extends object>(group: BodyGroup) =>
  readGroup(group, { object: z.object, maxListLength: 0, suffix: '' }) as z.ZodType<Details>;
