import { type DocumentNode, execute, parse, validate } from 'graphql';
import { scopes } from '../../src/authentication';
import { createOperationContext, createRequestContext } from '../../src/http/context';
import { createSchema } from '../../src/http/graphql';
import type { Services } from '../../src/transitions/services';

const schema = createSchema();
const actor = { name: 'conformance', scopes: new Set(scopes) };

const documents = new Map<string, DocumentNode>();

/** A document of this schema; each is parsed and validated once. */
function documentOf(source: string): DocumentNode {
  const known = documents.get(source);
  if (known) return known;
  const document = parse(source);
  const [error] = validate(schema, document);
  if (error) throw error;
  documents.set(source, document);
  return document;
}

/** Sends a request through the GraphQL schema, and returns its data. */
export async function ask<Data>(
  services: Services,
  source: string,
  variableValues: Record<string, unknown>,
  userAgent: string | null = null,
): Promise<Data> {
  const contextValue = {
    ...createRequestContext(services, actor, userAgent),
    ...createOperationContext(services, true),
  };
  const { data, errors } = await execute({
    schema,
    document: documentOf(source),
    variableValues,
    contextValue,
  });
  if (errors?.[0] || !data) throw errors?.[0] ?? new Error('the schema answered no data');
  return data as Data;
}
