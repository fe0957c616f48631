import { badUserInput } from '../../domain/errors';
import type { Connection, Edge, PageArguments } from '../../platform/connection';
import type { Context } from '../context';
import { builder } from './builder';

export const PageInfo = builder.objectRef<Connection<unknown>['pageInfo']>('PageInfo').implement({
  description: 'The position of a page in its list.',
  fields: t => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there is a next page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether there is a previous page.' }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first item; null on an empty page.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last, to go on from with `after`; null on an empty page.',
    }),
  }),
});

/** The names of the items of a list in descriptions. */
interface Noun {
  one: string;
  many: string;
  /** The order of the list, if it is fixed. */
  order?: string;
  /** The cost of counting them. */
  countCost?: number;
}

/** The types of the pages and edges of a list: `FlowRunConnection` and `FlowRunEdge` for `FlowRun`. */
export function connectionType<Node>(
  node: PothosSchemaTypes.ObjectRef<typeof builder.$inferSchemaTypes, Node>,
  { one, many, order, countCost = 1 }: Noun,
) {
  const article = /^[aeiou]/.test(one) ? 'An' : 'A';
  const Edge = builder.objectRef<Edge<Node>>(`${node.name}Edge`).implement({
    description: `${article} ${one}, with its cursor.`,
    fields: t => ({
      cursor: t.exposeString('cursor', { description: 'The cursor of the item.' }),
      // Pothos cannot infer that a type parameter is no list.
      node: t.field({ type: node, description: `The ${one}.`, resolve: edge => edge.node as never }),
    }),
  });
  return builder.objectRef<Connection<Node>>(`${node.name}Connection`).implement({
    description: `A page of ${many}${order === undefined ? '' : `, ${order}`}.`,
    fields: t => ({
      edges: t.field({
        type: [Edge],
        description: `The ${many} with their cursors.`,
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [node],
        description: `The ${many}.`,
        resolve: ({ edges }) => edges.map(edge => edge.node),
      }),
      pageInfo: t.expose('pageInfo', { type: PageInfo, description: 'The position of the page.' }),
      totalCount: t.int({
        extensions: { cost: { own: countCost } },
        description: `The number of ${many} in the whole list; counted only if it is selected.`,
        resolve: ({ totalCount }) => totalCount(),
      }),
    }),
  });
}

/** The arguments of a list: the size of the page, and where it starts. */
export const pageArguments = (defaultSize: number) =>
  builder.args(t => ({
    first: t.int({
      required: true,
      defaultValue: defaultSize,
      description: '1 to 200 (a setting).',
      validate: { min: 1 },
    }),
    after: t.string({ description: 'A cursor: the page starts after it.' }),
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
