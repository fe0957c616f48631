/** How many items of a list are asked for, and the cursor that they begin just behind; null: from its beginning. */
export interface PageArguments {
  first: number;
  after: string | null;
}

/** One item of a list, and the cursor of its place. */
export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** One page of a list, Relay style. */
export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  /** Counted only when asked for. */
  totalCount: () => Promise<number>;
}

/** A page out of one row more than it holds, which tells whether there is a next one. */
export function connectionOf<Row, Node>(
  rows: readonly Row[],
  first: number,
  isContinued: boolean,
  edge: (row: Row) => Edge<Node>,
  totalCount: () => Promise<number>,
): Connection<Node> {
  const edges = rows.slice(0, first).map(edge);
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: isContinued,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}
