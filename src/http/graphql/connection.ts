import { badUserInput } from '../../domain/errors';
import type { Connection, Edge, PageArguments } from '../../platform/connection';
import type { Context } from '../context';
import { builder } from './builder';

export const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: t => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more follows.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether something comes before.' }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first; null on an empty page.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last, to go on from with `after`; null on an empty page.',
    }),
  }),
});

/** What a list holds, as its descriptions call it: one such thing, and many. */
interface Noun {
  one: string;
  many: string;
  /** In which order they come, where it is always the same. */
  order?: string;
  /** What it costs to count them. */
  countCost?: number;
}

/** The type of a list's pages, with that of their edges: `FlowRunConnection` and `FlowRunEdge` for `FlowRun`. */
export function connectionType<Node>(
  node: PothosSchemaTypes.ObjectRef<typeof builder.$inferSchemaTypes, Node>,
  { one, many, order, countCost = 1 }: Noun,
) {
  const article = /^[aeiou]/.test(one) ? 'An' : 'A';
  const Edge = builder.objectRef<Edge<Node>>(`${node.name}Edge`).implement({
    description: `${article} ${one}, and its place in the list.`,
    fields: t => ({
      cursor: t.exposeString('cursor', { description: 'Its place in the list.' }),
      // Of a type that is a parameter, the types of Pothos cannot tell that it is no list.
      node: t.field({ type: node, description: `The ${one}.`, resolve: edge => edge.node as never }),
    }),
  });
  return builder.objectRef<Connection<Node>>(`${node.name}Connection`).implement({
    description: `A page of ${many}${order === undefined ? '' : `, ${order}`}.`,
    fields: t => ({
      edges: t.field({
        type: [Edge],
        description: `The ${many} with their places.`,
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [node],
        description: `The ${many}.`,
        resolve: ({ edges }) => edges.map(edge => edge.node),
      }),
      pageInfo: t.expose('pageInfo', { type: PageInfo, description: 'Where the page stands.' }),
      totalCount: t.int({
        extensions: { cost: { own: countCost } },
        description: `How many ${many} the list has in all; counted only when asked for.`,
        resolve: ({ totalCount }) => totalCount(),
      }),
    }),
  });
}

/** The arguments of a list: how large a page of it is, and where it begins. */
export const pageArguments = (defaultSize: number) =>
  builder.args(t => ({
    first: t.int({
      required: true,
      defaultValue: defaultSize,
      description: '1 to 200 (a setting).',
      validate: { min: 1 },
    }),
    after: t.string({ description: 'A cursor: the page begins just behind it.' }),
  }));

/**
 * The page that is asked for.
 *
 * @throws SwitchyardError BAD_USER_INPUT where it is larger than pages may be.
 */
export function pageOf(
  { first, after }: { first: number; after?: string | null },
  { services: { maxPageSize } }: Context,
): PageArguments {
  if (first > maxPageSize)
    throw badUserInput([{ path: ['first'], message: `must be at most ${maxPageSize}` }]);
  return { first, after: after ?? null };
}
