import type { GraphQLObjectType } from 'graphql';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { createMaskError } from '../../../src/http/errors/maskErrors';
import { createLogger } from '../../../src/platform/logging';

/** What a test's resolvers do. */
type Resolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const typeDefs = /* GraphQL */ `
  scalar JSON
  enum Color { RED, GREEN }
  input Filter { ids: [Int!], names: [String!], any: [Filter!], data: JSON }
  type Item { id: Int!, item: Item, items(first: Int! = 10): [Item!]! }
  type Query {
    hello: String
    item: Item
    items(first: Int! = 10, filter: Filter): [Item!]!
    count(filter: Filter, ids: [Int!]): Int
    json: JSON
    colored(color: Color): Int
  }
  type Mutation { change: String }
  type Subscription { ticks(filter: Filter): Int, made: Item }
`;

const defaults: Resolvers = {
  Query: { hello: () => 'world', count: () => 1 },
  Mutation: { change: () => 'changed' },
};

/** A response, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: unknown;
  readonly errors: readonly { message: string; extensions: Record<string, unknown> }[];
}

/** A small server with the plugins under test. */
export function toyServer(plugins: readonly Plugin[], resolvers: Resolvers = {}) {
  let log = '';
  const logger = createLogger('info', { write: line => void (log += line) });
  const schema = createSchema({ typeDefs, resolvers: { ...defaults, ...resolvers } as never });
  const items = ({ first }: { first: number }) => first;
  for (const name of ['Query', 'Item'])
    Object.assign((schema.getType(name) as GraphQLObjectType).getFields().items ?? {}, {
      extensions: { cost: { items } },
    });
  const yoga = createYoga({
    schema,
    plugins: [...plugins],
    logging: false,
    graphiql: false,
    maskedErrors: {
      maskError: createMaskError(
        logger,
        error => error,
        (what, error) => logger.warn({ err: error }, what),
      ),
    },
  });

  async function send(
    init: Omit<RequestInit, 'headers'> & { headers: Record<string, string>; duplex?: 'half' },
    url = 'http://localhost/graphql',
  ): Promise<Answer> {
    const response = await yoga.fetch(url, { method: 'POST', ...init, headers: { ...init.headers } });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const { data, errors = [] } = isJson ? JSON.parse(text) : {};
    return { status: response.status, headers: response.headers, text, data, errors };
  }

  const ask = (
    query: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    send({
      body: JSON.stringify({ query, variables }),
      headers: { 'content-type': 'application/json', ...headers },
    });

  return { yoga, send, ask, log: () => log };
}
