import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { Plugin } from 'graphql-yoga';
import {
  documentMissing,
  isPersistedQueryProbe,
  notTrusted,
  persistedQueryNotFound,
  persistedQueryNotSupported,
  type TrustedDocumentSettings,
} from '../documents/trustedDocuments';

/** Yoga checks the parameters later: what is sent may be no object. */
const isObject = (params: unknown): params is object => typeof params === 'object' && params !== null;

/**
 * Executes trusted documents by their hashes. Without a manifest, responds to queries by hash as the protocol of automatic
 * persisted queries requires; none are stored. `findDocument` does the same for WebSockets.
 */
export function usePersistedQueries(settings: TrustedDocumentSettings): Plugin {
  const { documentsByHash, trustedDocumentsOnly } = settings;
  if (documentsByHash === undefined) {
    return {
      onParams({ params }) {
        if (isObject(params) && isPersistedQueryProbe(params)) throw persistedQueryNotSupported();
      },
    };
  }
  const plugin: Plugin = usePersistedOperations({
    getPersistedOperation: hash => documentsByHash.get(hash) ?? null,
    allowArbitraryOperations: !trustedDocumentsOnly,
    customErrors: {
      notFound: persistedQueryNotFound,
      keyNotFound: trustedDocumentsOnly ? notTrusted : documentMissing,
      persistedQueryOnly: notTrusted,
    },
  });
  return {
    ...plugin,
    onParams: payload => (isObject(payload.params) ? plugin.onParams?.(payload) : undefined),
  };
}
