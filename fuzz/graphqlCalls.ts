import * as fc from 'fast-check';
import { type GraphQLObjectType, type GraphQLSchema, getIntrospectionQuery } from 'graphql';
import { bodies, broken, requestHeaders } from './alterations';
import type { Call } from './call';
import { createInputs } from './graphqlInputs';
import type { Known } from './known';
import { json, weighted } from './scalars';
import { createSelections, join, type Piece } from './selections';
import { toJson } from './value';

type Kind = 'query' | 'mutation' | 'subscription';

interface Document {
  readonly kind: Kind | 'malformed';
  readonly text: string;
  /** The variables as JSON. */
  readonly variables: string;
  readonly describesSchema: boolean;
}

/** How deep selections are; the default limit of the gateway is 12. */
const commonLevels = 4;
const deepLevels = 13;
const maxTextBytesInUrl = 4000;

/** Puts a document together: the variables get their names and their definitions. */
function documentOf(kind: Kind, { text, variables }: Piece): Document {
  const definitions = variables.map(({ type }, number) => `$v${number}: ${type}`).join(', ');
  const body = text.replace(/\$<(\d+)>/g, '$v$1');
  return {
    kind,
    text: `${kind} Fuzz${definitions && `(${definitions})`} ${body}`,
    variables: `{${variables.map((variable, number) => `"v${number}":${variable.json}`).join(',')}}`,
    describesSchema: false,
  };
}

const describing = (text: string): Document => ({
  kind: 'query',
  text,
  variables: '{}',
  describesSchema: true,
});

const introspection: fc.Arbitrary<Document> = fc
  .constantFrom(
    getIntrospectionQuery(),
    '{ __type(name: "FlowRun") { name fields(includeDeprecated: true) { name type { ofType { name } } } } }',
    '{ __type(name: "") { name } }',
    '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
    '{ __schema { directives { args { type { kind } } } } }',
  )
  .map(describing);

const malformed: fc.Arbitrary<Document> = fc
  .constantFrom(
    '',
    '{',
    '{ }',
    'query',
    'query Fuzz { __typename } query Fuzz { __typename }',
    'query A { __typename } query B { __typename }',
    'fragment F on Query { __typename }',
    'query Fuzz { ...F } fragment F on Query { ...F }',
    'query Fuzz { ...F } fragment F on Query { ...G } fragment G on Query { ...F __typename }',
    'query Fuzz($a: Missing) { __typename }',
    'query Fuzz($a: FlowRun) { __typename }',
    'query Fuzz($a: Int = $a) { __typename }',
    'query Fuzz($a: Int, $a: Int) { flowRuns(first: $a) { totalCount } }',
    'query Fuzz { flowRuns(first: 1, first: 2) { totalCount } }',
    'query Fuzz { flowRuns(filter: { id: { any: [], any: [] } }) { totalCount } }',
    'query Fuzz { a: flowRunCount a: __typename }',
    'query Fuzz { flowRunCount(filter: {tags: {all: [[["a"]]]}}) }',
    'query Fuzz @include(if: true) { __typename }',
    'type Query { a: Int }',
    'extend type Query { a: Int }',
    'schema { query: Query }',
    '{ __typename } # \u0000',
    '{ """a""" }',
    `{ ${'__typename '.repeat(300)} }`,
    `{ flowRuns(filter: {name: {like: ${'"a" '.repeat(3)}}}) { totalCount } }`,
    `{ flowRuns(filter: ${'['.repeat(150)}${']'.repeat(150)}) { totalCount } }`,
    'subscription Fuzz { flowRunStateChanged { state { id } } __typename }',
    'subscription Fuzz { a: flowRunStateChanged { state { id } } b: flowRunStateChanged { state { id } } }',
    'mutation Fuzz { __typename }',
    'mutation { createFlow(input: {name: "a", name: "b"}) { id } }',
  )
  .map(text => ({ kind: 'malformed', text, variables: '{}', describesSchema: false }));

const envelope = (document: Document, rest: string): string =>
  `{"query":${JSON.stringify(document.text)},"variables":${document.variables}${rest}}`;

/** What else a request may hold beside its document and variables. */
const envelopeRests = weighted(
  [20, fc.constant('')],
  [2, fc.constant(',"operationName":"Fuzz"')],
  [
    1,
    fc.constantFrom(
      ',"operationName":"Missing"',
      ',"operationName":null',
      ',"operationName":7',
      ',"operationName":""',
      ',"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}',
      ',"extensions":[]',
      ',"extensions":null',
      ',"unknown":1',
      ',"variables":[]',
      ',"variables":"text"',
      ',"variables":null',
      ',"variables":{"v0":null,"unused":[[]]}',
      ',"query":7',
      ',"query":null',
    ),
  ],
);

function callOf(
  document: Document,
  rest: string,
  body: Uint8Array,
  headers: Record<string, string>,
  inUrl: boolean,
): Call {
  const isStream = document.kind === 'subscription';
  const common = {
    mayWrite: document.kind === 'mutation',
    describesSchema: document.describesSchema,
    headers: isStream ? { ...headers, accept: `text/event-stream, ${headers.accept ?? ''}` } : headers,
  };
  const text = new URLSearchParams({ query: document.text, variables: document.variables }).toString();
  if (inUrl && rest === '' && text.length < maxTextBytesInUrl)
    return { ...common, method: 'GET', target: `/graphql?${text}`, body: null };
  return { ...common, method: 'POST', target: '/graphql', body };
}

/** Calls of GraphQL: every field of every root type, with arguments and selections of random shape, and malformed ones. */
export function graphqlCalls(schema: GraphQLSchema, known: Known): fc.Arbitrary<Call> {
  const selections = createSelections(schema, createInputs(known));

  const operation = (
    kind: Kind,
    root: GraphQLObjectType | null | undefined,
    maxFields: number,
    levels: number,
  ) => {
    if (!root) throw new Error(`the schema has no ${kind} type`);
    const fields = Object.values(root.getFields()).map(field => selections.field(root, field, levels));
    return fc
      .array(fc.oneof(...fields), { minLength: 1, maxLength: maxFields })
      .map(pieces =>
        documentOf(kind, join([{ text: '{', variables: [] }, ...pieces, { text: '}', variables: [] }])),
      );
  };
  const sound = weighted(
    [10, operation('query', schema.getQueryType(), 3, commonLevels)],
    [2, operation('query', schema.getQueryType(), 1, deepLevels)],
    // One field at a time: of two, the first may be carried out before the second is refused.
    [20, operation('mutation', schema.getMutationType(), 1, commonLevels - 1)],
    [2, operation('subscription', schema.getSubscriptionType(), 1, commonLevels)],
  );
  const documents = weighted(
    [30, sound],
    [1, sound.chain(document => broken(document.text).map(text => ({ ...document, text })))],
    [1, sound.chain(document => json.map(value => ({ ...document, variables: toJson(value) })))],
    [1, introspection],
    [2, malformed],
  );
  return fc
    .tuple(
      documents,
      envelopeRests,
      requestHeaders,
      weighted([9, fc.constant(false)], [1, fc.constant(true)]),
    )
    .chain(([document, rest, headers, inUrl]) =>
      bodies(fc.constant(envelope(document, rest))).map(body => callOf(document, rest, body, headers, inUrl)),
    );
}
