import {
  type GraphQLField,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { type FieldCost, operationCost } from '../../../src/http/documents/operationCost';
import { createSchema } from '../../../src/http/graphql';

const schema = createSchema();
const maxCost = 200_000;
const costOf = (query: string, variableValues: Record<string, unknown> = {}): number =>
  operationCost({ schema, document: parse(query), variableValues });

const fields: [parent: string, field: GraphQLField<unknown, unknown>][] = Object.values(schema.getTypeMap())
  .filter(type => isObjectType(type) && !type.name.startsWith('__'))
  .flatMap(type =>
    isObjectType(type)
      ? Object.values(type.getFields()).map((field): [string, GraphQLField<unknown, unknown>] => [
          type.name,
          field,
        ])
      : [],
  );
const statedOf = ({ extensions }: GraphQLField<unknown, unknown>) => (extensions.cost ?? {}) as FieldCost;

const lists = fields.filter(
  ([, { type }]) => isListType(getNullableType(type)) && isCompositeType(getNamedType(type)),
);

test.each(lists.map(([parent, field]) => [`${parent}.${field.name}`, parent, field] as const))(
  'counts the list %s at a bound: its own, or that of every field that leads to it',
  (_name, parent, field) => {
    if (statedOf(field).items !== undefined) return;
    const leading = fields.filter(([, { type }]) => getNamedType(type).name === parent);
    expect(leading.length).toBeGreaterThan(0);
    for (const [, one] of leading) expect(statedOf(one).page).toBeDefined();
  },
);

const history = 'states(first: 200) { nodes { id type name timestamp } }';
const input = Array.from({ length: 1000 }, () => ({ flowId: 'f' }));

test.each<[what: string, query: string, variables?: Record<string, unknown>]>([
  [
    'counts histories of 1,000 runs in a variable',
    `mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { flowRun { ${history} } } } }`,
    { input },
  ],
  [
    'histories of 1,000 runs that are made, in a literal',
    `mutation { createFlowRuns(input: [${'{ flowId: "f" } '.repeat(1000)}]) { results { flowRun { ${history} } } } }`,
  ],
  [
    'histories in several places of the runs of a call',
    `mutation { bulkSetFlowRunState(input: { state: { type: CANCELLED } }) { results { flowRun { ${['a', 'b', 'c', 'd', 'e'].map(alias => `${alias}: ${history}`).join(' ')} } } } }`,
  ],
  [
    'lists without first, in each other',
    '{ bulkOperations { nodes { items { nodes { flowRun { states { nodes { id name type message timestamp } } } } } } } }',
  ],
  [
    'lists without first, in fragments',
    '{ bulkOperations { ...O } } fragment O on BulkOperationConnection { nodes { items { ...I } } } fragment I on BulkOperationItemConnection { edges { node { flowRun { states { edges { cursor node { id name } } nodes { id name } } } } } }',
  ],
  ['30 counts', `{ ${Array.from({ length: 30 }, (_, n) => `c${n}: flowRunCount`).join(' ')} }`],
  [
    '30 counts of lists',
    `{ ${Array.from({ length: 30 }, (_, n) => `c${n}: flowRuns { totalCount }`).join(' ')} }`,
  ],
  [
    'wide introspection',
    '{ __schema { types { ...T possibleTypes { ...T } fields { type { ...T fields { name args { name type { ...T } } type { ...T } } } } } } } fragment T on __Type { kind name description ofType { kind name ofType { kind name } } }',
  ],
])('rejects %s as too expensive', (_what, query, variables = {}) => {
  expect(costOf(query, variables)).toBeGreaterThan(maxCost);
});

test.each<[what: string, query: string, variables?: Record<string, unknown>]>([
  [
    'the main job',
    'mutation { bulkSetFlowRunState(input: { state: { type: SCHEDULED } }) { results { flowRunId status details { ... on StateDeclinedDetails { reason code } } state { id type name timestamp message } flowRun { name } } } }',
  ],
  [
    'a page of 200 runs with their histories',
    `{ flowRuns(first: 200) { totalCount nodes { id name tags parameters flow { name } deployment { name } state { message } states(first: 20) { totalCount nodes { id type name } } } } }`,
  ],
  [
    'a dashboard of a dozen counts',
    `{ flowRunStateCounts { stateType count } ${Array.from({ length: 12 }, (_, n) => `c${n}: flowRunCount`).join(' ')} }`,
  ],
  [
    'a list of operations with what became of them',
    '{ bulkOperations { totalCount nodes { id status reason counts { matched accepted } outcomes { status code count sample { id name } } items(first: 5) { totalCount nodes { position status } } estimatedSecondsLeft } } }',
  ],
  [
    'a page of the console, with states and what the runs belong to',
    '{ flowRuns(first: 200) { totalCount nodes { id name tags created parameters flow { id name } deployment { id name concurrencyLimit } state { id type name timestamp message } states(first: 5) { nodes { id type name timestamp } } parentTaskRunId parentFlowRunId } pageInfo { hasNextPage endCursor } } }',
  ],
  [
    'a list of operations with their items',
    '{ bulkOperations(first: 50) { totalCount nodes { id status reason counts { matched accepted } items(first: 20) { totalCount nodes { position status code flowRun { id name } } } } } }',
  ],
  [
    'counts by state beside a page',
    '{ flowRunStateCounts { stateType count } flowRuns(first: 50) { totalCount nodes { id name state { type name } } } flowRunCount }',
  ],
  [
    '1,000 runs that are made',
    'mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { created flowRun { id name state { id type } } } } }',
    { input },
  ],
])('accepts %s', (_what, query, variables = {}) => {
  expect(validate(schema, parse(query))).toEqual([]);
  expect(costOf(query, variables)).toBeLessThanOrEqual(maxCost);
});

test.each([
  ['GraphiQL', { descriptions: true, inputValueDeprecation: true }],
  [
    'Apollo',
    { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true },
  ],
  [
    'a code generator',
    {
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    },
  ],
])('accepts the introspection of %s', (_client, options) => {
  const query = getIntrospectionQuery(options);
  expect(validate(schema, parse(query))).toEqual([]);
  expect(costOf(query)).toBeLessThan(maxCost);
});
