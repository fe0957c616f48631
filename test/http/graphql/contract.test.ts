import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildASTSchema,
  extendSchema,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
} from 'graphql';
import { createSchema } from '../../../src/http/graphql';

/** What clients are promised. */
function readContract(): GraphQLSchema {
  const read = (file: string) => readFileSync(join(__dirname, file), 'utf8');
  // The second part takes the scalar UUID out of the first.
  const first = read('contract.graphql')
    .replaceAll(/^scalar UUID$/gm, '')
    .replaceAll(/\bUUID\b/g, 'ID');
  const second = extendSchema(buildASTSchema(parse(first)), parse(read('contract-2.graphql')));
  return extendSchema(second, parse(read('contract-3.graphql')));
}

interface Described {
  path: string;
  description: string | null | undefined;
}

interface Input extends Described {
  defaultValue: unknown;
}

const typesOf = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap()).filter(
    type => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );

const inputOf = (
  parent: string,
  { name, description, defaultValue }: GraphQLArgument | GraphQLInputField,
) => ({
  path: `${parent}.${name}`,
  description,
  defaultValue,
});

/** Every argument and every field of an input. */
const inputsOf = (schema: GraphQLSchema): Input[] =>
  typesOf(schema).flatMap(type => {
    if (isInputObjectType(type))
      return Object.values(type.getFields()).map(field => inputOf(type.name, field));
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap(field =>
      field.args.map(argument => inputOf(`${type.name}.${field.name}`, argument)),
    );
  });

const fieldsOf = (schema: GraphQLSchema): Described[] =>
  typesOf(schema).flatMap(type =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map(({ name, description }) => ({
          path: `${type.name}.${name}`,
          description,
        }))
      : [],
  );

const enumValuesOf = (schema: GraphQLSchema): Described[] =>
  typesOf(schema).flatMap(type =>
    isEnumType(type)
      ? type.getValues().map(({ name, description }) => ({ path: `${type.name}.${name}`, description }))
      : [],
  );

const contract = readContract();
const schema = createSchema();

test('the schema breaks no promise to clients', () => {
  const broken = findBreakingChanges(contract, schema).map(({ description }) => description);
  expect(broken).toEqual([]);
});

test('the schema differs from the contract in nothing that may surprise clients, but may add to its inputs', () => {
  const additions: string[] = ['OPTIONAL_INPUT_FIELD_ADDED', 'OPTIONAL_ARG_ADDED'];
  const others = findDangerousChanges(contract, schema).filter(({ type }) => !additions.includes(type));
  expect(others).toEqual([]);
});

test('the contract is compared completely', () => {
  const names = typesOf(contract).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['Query', 'Mutation', 'Subscription', 'FlowRunFilter', 'BulkOperation']),
  );
  expect(typesOf(contract).some(type => isEnumType(type) && type.name === 'TransitionCode')).toBe(true);
});

test('every default value is the promised one', () => {
  const actual = new Map(inputsOf(schema).map(({ path, defaultValue }) => [path, defaultValue]));
  const promised = inputsOf(contract).map(({ path, defaultValue }) => [path, defaultValue]);
  expect(promised.length).toBeGreaterThan(0);
  expect(promised.map(([path]) => [path, actual.get(String(path))])).toEqual(promised);
});

test('every type, field, argument, input field and enum value has a description', () => {
  const types = typesOf(schema).map(({ name, description }) => ({ path: name, description }));
  const undescribed = [...types, ...fieldsOf(schema), ...inputsOf(schema), ...enumValuesOf(schema)].filter(
    ({ description }) => !description?.trim(),
  );
  expect(undescribed.map(({ path }) => path)).toEqual([]);
});

test('ids have the scalar ID, which accepts UUIDs and no other text', () => {
  const id = schema.getType('ID');
  if (!isScalarType(id)) throw new Error('there is no scalar ID');
  expect(schema.getType('UUID')).toBeUndefined();
  expect(id.parseValue('0193A1B2-0000-7000-8000-00000000000F')).toBe('0193a1b2-0000-7000-8000-00000000000f');
  for (const other of ['4', 4, '', 'flow-run'])
    expect(() => id.parseValue(other)).toThrow(`expected a UUID, for example`);
});

test('every custom scalar that has a standard names it with @specifiedBy', () => {
  const named = typesOf(schema).flatMap(type =>
    isScalarType(type) && type.specifiedByURL ? [[type.name, type.specifiedByURL]] : [],
  );
  expect(Object.fromEntries(named)).toEqual({
    DateTime: 'https://www.rfc-editor.org/rfc/rfc3339',
    JSON: 'https://www.rfc-editor.org/rfc/rfc8259',
  });
});
