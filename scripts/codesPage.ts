import { type GraphQLEnumType, type GraphQLSchema, isEnumType } from 'graphql';

/** The enums that operators see, in the order in which they meet them. */
const enums = [
  'TransitionCode',
  'SetStateStatus',
  'StateType',
  'BulkOperationStatus',
  'BulkOperationItemStatus',
  'BulkOperationPause',
  'BulkOperationRefusal',
  'CollisionStrategy',
  'RuleEffect',
];

const introduction = `# Codes

What each code, status and state type means, and what to do about it. The texts are the descriptions of the schema:
\`npm run schema:print\` writes this page from them.
`;

const tableOf = (type: GraphQLEnumType): string =>
  [
    `## ${type.name}`,
    '',
    type.description ?? '',
    '',
    '| value | meaning |',
    '|---|---|',
    ...type.getValues().map(({ name, description }) => `| \`${name}\` | ${description ?? ''} |`),
    '',
  ].join('\n');

/** The page `docs/codes.md`: a table of values and their descriptions for each enum. */
export function codesPage(schema: GraphQLSchema): string {
  const tables = enums.map(name => {
    const type = schema.getType(name);
    if (!isEnumType(type)) throw new TypeError(`the schema has no enum ${name}`);
    return tableOf(type);
  });
  return [introduction, ...tables].join('\n');
}
