import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The parts of a request that a client fills in when it asks for a query by its hash. */
interface Params {
  readonly query?: unknown;
  readonly extensions?: unknown;
}

/** Whether a client asks for a query by its hash, without the query: the first request of automatic persisted queries. */
export const isPersistedQueryProbe = ({ query, extensions }: Params): boolean =>
  !query && typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions;

/** The error on which clients send the query itself, and no hash again. */
export const persistedQueryNotSupported = (): GraphQLError =>
  new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', http: { status: 400, spec: true } },
  });

/** Responds to a request for a query by its hash as the protocol of automatic persisted queries asks: none are stored here. */
export function usePersistedQueries(): Plugin {
  return {
    onParams({ params }) {
      if (typeof params === 'object' && params !== null && isPersistedQueryProbe(params))
        throw persistedQueryNotSupported();
    },
  };
}
