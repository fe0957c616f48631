import { resolveCursorConnection } from '@pothos/plugin-relay';
import { badUserInput } from '../../domain/errors';
import type { Context } from '../context';
import { builder } from './builder';
import { type CursorList, decodeCursor, encodeCursor } from './cursors';

/** The names of the items of a list in descriptions. */
interface Noun {
  one: string;
  many: string;
  /** The order of the list, if it is fixed. */
  order?: string;
  /** The cost of counting them. */
  countCost?: number;
}

/** One item of a page, and its cursor. */
interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** The types of the pages and edges of a list: `FlowRunConnection` and `FlowRunEdge` for `FlowRun`. */
export function connectionType<Node extends object>(
  node: PothosSchemaTypes.ObjectRef<typeof builder.$inferSchemaTypes, Node>,
  { one, many, order, countCost = 1 }: Noun,
) {
  const article = /^[aeiou]/.test(one) ? 'An' : 'A';
  return builder.connectionObject(
    {
      type: node,
      name: `${node.name}Connection`,
      description: `A page of ${many}${order === undefined ? '' : `, ${order}`}.`,
      edgesField: { description: `The ${many} with their cursors.` },
      fields: t => ({
        nodes: t.field({
          type: [node],
          description: `The ${many}.`,
          // The plugin's type admits promises and streams; `resolvePage` returns neither.
          resolve: ({ edges }) => (edges as readonly Edge<Node>[]).map(edge => edge.node),
        }),
        totalCount: t.int({
          extensions: { cost: { own: countCost } },
          description: `The number of ${many} in the whole list; counted only if it is selected.`,
          resolve: ({ totalCount }) => totalCount(),
        }),
      }),
    },
    {
      name: `${node.name}Edge`,
      description: `${article} ${one}, with its cursor.`,
      nodeField: { description: `The ${one}.` },
    },
  );
}

/**
 * The arguments of a list: the size of the page, and where it starts. The plugin's own field `t.connection` always adds
 * `before` and `last`, and has no default for `first`, so lists are plain fields that return a connection.
 */
export const pageArguments = (defaultSize: number) => ({
  ...firstArgument(defaultSize),
  ...builder.args(t => ({
    after: t.string({ description: 'A cursor: the page starts after it.' }),
  })),
});

/** The argument of a list for its size. */
export const firstArgument = (defaultSize: number) =>
  builder.args(t => ({
    first: t.int({
      required: true,
      defaultValue: defaultSize,
      description: '1 to 200 (a setting).',
      validate: { min: 1 },
    }),
  }));

/**
 * Checks the size of a list against the setting.
 *
 * @throws SwitchyardError BAD_USER_INPUT where it is larger than pages may be.
 */
export function checkPageSize(first: number, { services: { maxPageSize } }: Context): void {
  if (first > maxPageSize)
    throw badUserInput([{ path: ['first'], message: `must be at most ${maxPageSize}` }]);
}

/** A row of a list, and the key of its cursor. */
interface Row<Node, Key> {
  node: Node;
  key: Key;
}

/** How a list is read. */
interface List<Node, Key extends readonly unknown[]> {
  cursors: CursorList<Key>;
  /** Finds a number of rows after a key; null for the first rows. */
  find(after: Key | null, limit: number): Promise<readonly Row<Node, Key>[]>;
  count(): Promise<number>;
}

/**
 * Reads one page of a list, and counts the list when asked.
 *
 * @throws SwitchyardError BAD_USER_INPUT where the page is larger than pages may be, or the cursor is not one of the list.
 */
export async function resolvePage<Node, Key extends readonly unknown[]>(
  { first, after }: { first: number; after?: string | null },
  context: Context,
  { cursors, find, count }: List<Node, Key>,
) {
  checkPageSize(first, context);
  const afterKey = typeof after === 'string' ? decodeCursor(cursors, after) : null;
  const { edges, pageInfo } = await resolveCursorConnection<Promise<readonly Row<Node, Key>[]>>(
    { args: { first, after }, maxSize: first, toCursor: ({ key }) => encodeCursor(cursors, key) },
    ({ limit }) => find(afterKey, limit),
  );
  return {
    edges: edges.map(({ cursor, node: row }) => ({ cursor, node: row.node })),
    // The plugin puts the cursor that was sent in place of those that an empty page does not have.
    pageInfo: edges.length > 0 ? pageInfo : { ...pageInfo, startCursor: null, endCursor: null },
    totalCount: count,
  };
}
