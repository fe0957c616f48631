import type { Field, FieldGroup, FieldKind, FieldsByName, HeldBy } from '../../domain/fields';
import type { Json } from '../../domain/json';
import { builder } from './builder';
import { FilterOperator, StateType } from './enums';

/** The GraphQL type of each kind of field. */
const fieldTypes = {
  flag: 'Boolean',
  id: 'UUID',
  ids: ['UUID'],
  instant: 'DateTime',
  operator: FilterOperator,
  stateTypes: [StateType],
  text: 'String',
  texts: ['String'],
  textsByName: 'JSON',
} as const satisfies Record<FieldKind, unknown>;

type Types = typeof builder.$inferSchemaTypes;
type InputFields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

const isGroup = (field: Field | FieldGroup): field is FieldGroup => 'fields' in field;

const typeNameOf = (parent: string, field: string): string =>
  `${parent}${field.charAt(0).toUpperCase()}${field.slice(1)}`;

function inputField(typeName: string, field: Field | FieldGroup): (t: InputFields) => unknown {
  if (isGroup(field)) {
    const type = inputType(field.typeName ?? typeName, field);
    return t => t.field({ type, description: field.role ?? field.description });
  }
  const { kind, schema, description, byDefault } = field;
  const filledIn = byDefault !== undefined && { required: true, defaultValue: byDefault };
  return t => t.field({ type: fieldTypes[kind], description, validate: { schema }, ...filledIn } as never);
}

const newType = <Fields extends FieldsByName>(name: string) =>
  builder.inputRef<HeldBy<FieldGroup<Fields>>, false>(name);

/** By name, because several filters hold the filter of flows. */
const made = new Map<string, unknown>();

/**
 * The input type of a group of fields, and those of the groups in it: `FlowRunFilterId` for the field `id` of
 * `FlowRunFilter`. Every field is checked by its own schema.
 */
export function inputType<Fields extends FieldsByName>(name: string, group: FieldGroup<Fields>) {
  const known = made.get(name);
  if (known !== undefined) return known as ReturnType<typeof newType<Fields>>;
  const fields = Object.entries(group.fields).map(
    ([fieldName, field]) => [fieldName, inputField(typeNameOf(name, fieldName), field)] as const,
  );
  const type = newType<Fields>(name);
  made.set(name, type);
  type.implement({
    description: group.description,
    // TypeScript cannot infer the names of fields that a loop creates.
    fields: t => Object.fromEntries(fields.map(([fieldName, make]) => [fieldName, make(t)])) as never,
  });
  return type;
}

/** The output fields of a group of fields. */
export const outputFields = <Name extends string>(
  t: PothosSchemaTypes.ObjectFieldBuilder<Types, { [Held in Name]?: unknown }>,
  { fields }: FieldGroup<Readonly<Record<Name, Field>>>,
) =>
  Object.fromEntries(
    (Object.entries(fields) as [Name, Field][]).map(([name, { kind, description, whenAbsent = null }]) => {
      const type = fieldTypes[kind] as 'JSON';
      return [
        name,
        t.field({
          type,
          nullable: true,
          description,
          resolve: values => (values[name] ?? whenAbsent) as Json,
        }),
      ];
    }),
  );
