/** The page to return: at most `first` items after the cursor `after`; null starts at the beginning. */
export interface PageArguments {
  first: number;
  after: string | null;
}

/** One item of a list with its cursor. */
export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** One page of a list, as in Relay. */
export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  /** Counts only when it is called. */
  totalCount: () => Promise<number>;
}

/** Builds a page. `rows` holds one row more than the page if there is a next page. */
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
