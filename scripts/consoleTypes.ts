import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { type GraphQLSchema, isEnumType, parse, printSchema } from 'graphql';

const folder = join(process.cwd(), 'console');

const documentFiles = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.graphql'))
    .sort()
    .map(name => join(folder, name));

/** How the scalars of the schema arrive in JSON. */
const scalars = { ID: 'string', DateTime: 'string', JSON: 'unknown' };

/**
 * Generates the types and texts of the documents in `console/`, which must be valid on the schema.
 *
 * @throws Error that names each document that is not.
 */
export async function consoleTypes(schema: GraphQLSchema): Promise<string> {
  const documents = documentFiles().map(location => {
    const rawSDL = readFileSync(location, 'utf8');
    return { location, rawSDL, document: parse(rawSDL) };
  });
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir: 'generated/',
    schema: parse(printSchema(schema)),
    schemaAst: schema,
    documents,
    plugins: [],
    pluginMap: {},
    presetConfig: { fragmentMasking: false },
    config: {
      documentMode: 'string',
      useTypeImports: true,
      enumsAsTypes: true,
      // schema.graphql has the descriptions.
      disableDescriptions: true,
      strictScalars: true,
      scalars,
      defaultScalarType: 'unknown',
    },
  });
  const output = outputs.find(({ filename }) => filename.endsWith('/graphql.ts'));
  if (output === undefined) throw new Error('The client preset generates no graphql.ts.');
  return codegen({ ...output, cache: undefined });
}

/** What each transition code means and what to do about it, for the outcomes of a plan or an operation. */
export function consoleCodeMeanings(schema: GraphQLSchema): string {
  const type = schema.getType('TransitionCode');
  if (!isEnumType(type)) throw new Error('The schema has no enum TransitionCode.');
  // The console shows them as plain text, without the marks of code.
  const meanings = Object.fromEntries(
    type.getValues().map(({ name, description }) => [name, description?.replaceAll('`', '')]),
  );
  return `import type { TransitionCode } from './graphql';

export const codeMeanings: Readonly<Record<TransitionCode, string>> = ${JSON.stringify(meanings, null, 2)};
`;
}
