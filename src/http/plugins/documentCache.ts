import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bytes of memory that a parsed document takes for each of its characters: measured, 225 for dense queries. */
const bytesPerCharacter = 256;

const defaultMaxBytes = 64_000_000;

/**
 * Makes the cache of parsed documents. Its memory is bounded by bytes, not by the number of documents: a client may send
 * a new, long document with every request. The documents that could not be parsed are not stored.
 */
export function createDocumentCache(maxBytes = defaultMaxBytes) {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: maxBytes,
    // A document that is larger is parsed for each request instead of displacing all others.
    maxEntrySize: Math.floor(maxBytes / 8),
    sizeCalculation: (_document, text) => Math.max(1, text.length * bytesPerCharacter),
  });
  return {
    documentCache: documents,
    errorCache: { get: () => undefined, set: () => undefined },
  };
}
