import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The parameters of a request that refers to a query by its hash. */
interface Params {
  readonly query?: unknown;
  readonly extensions?: unknown;
}

/** Whether a request has a hash and no query: the first request of automatic persisted queries. */
export const isPersistedQueryProbe = ({ query, extensions }: Params): boolean =>
  !query && typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions;

/** The error after which clients send the query itself and no hash again. */
export const persistedQueryNotSupported = (): GraphQLError =>
  new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', http: { status: 400, spec: true } },
  });

/** Responds to queries by hash as the protocol of automatic persisted queries requires. None are stored. */
export function usePersistedQueries(): Plugin {
  return {
    onParams({ params }) {
      if (typeof params === 'object' && params !== null && isPersistedQueryProbe(params))
        throw persistedQueryNotSupported();
    },
  };
}
