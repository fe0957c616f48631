import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** The memory of a parsed document in bytes per character: 225 measured for dense queries. */
const bytesPerCharacter = 256;

const defaultMaxBytes = 64_000_000;

/**
 * Creates the cache of parsed documents. It is limited by bytes instead of documents: a client may send a new, long
 * document with each request. Documents that cannot be parsed are not stored.
 */
export function createDocumentCache(maxBytes = defaultMaxBytes) {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: maxBytes,
    // A larger document is parsed for each request and does not displace all others.
    maxEntrySize: Math.floor(maxBytes / 8),
    sizeCalculation: (_document, text) => Math.max(1, text.length * bytesPerCharacter),
  });
  return {
    documentCache: documents,
    errorCache: { get: () => undefined, set: () => undefined },
  };
}
