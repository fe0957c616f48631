import type { Client } from 'graphql-ws';

interface DecidedItem {
  cursor: string;
  flowRunId: string;
  status: string;
  code: string | null;
}

const query = `subscription DecidedItems($id: ID!, $after: String) {
  item: bulkOperationItems(id: $id, after: $after) { cursor flowRunId status code }
}`;

interface Failure {
  errors?: readonly { extensions?: { code?: string } }[];
  response?: { status: number };
  code?: number;
}

/** Whether the gateway refused the request: sending it again does not help. */
function isRefusal(error: unknown): boolean {
  const { errors, response, code = 0 } = (Array.isArray(error) ? { errors: error } : error) as Failure;
  if (errors) return errors.some(({ extensions }) => extensions?.code !== 'UNAVAILABLE');
  // The status of HTTP, or 44xx of a WebSocket; graphql-ws itself ends a silent one with 4499.
  const status = response?.status ?? code - 4000;
  return status >= 400 && status < 499;
}

/** Yields every decided item of an operation once, in order, however often the connection is lost. */
export async function* decidedItems(client: Pick<Client, 'iterate'>, id: string, after?: string) {
  for (;;) {
    try {
      const variables = { id, after };
      for await (const { data, errors } of client.iterate<{ item: DecidedItem }>({ query, variables })) {
        if (!data) throw new AggregateError(errors ?? [], 'The subscription has ended.');
        after = data.item.cursor;
        yield data.item;
      }
      return;
    } catch (error) {
      if (isRefusal(error)) throw error;
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }
}
