import { parse } from 'graphql';
import { createDocumentCache } from '../../../src/http/documents/documentCache';

const queryOf = (number: number, length: number): string => `{ a${number} } #`.padEnd(length, '.');

describe('the cache of parsed documents', () => {
  it('stores documents within its bytes, and drops the one that was used least recently', () => {
    const { documentCache } = createDocumentCache(256 * 1000);
    const queries = Array.from({ length: 20 }, (_, number) => queryOf(number, 100));
    for (const query of queries) documentCache.set(query, parse(query));
    expect(queries.filter(query => documentCache.get(query)).length).toBe(10);
    expect(documentCache.get(queries[0] ?? '')).toBeUndefined();
    expect(documentCache.get(queries[19] ?? '')).toBeDefined();
  });

  it('stores no document that would displace most others', () => {
    const { documentCache } = createDocumentCache(256 * 1000);
    const [short, long] = [queryOf(1, 100), queryOf(2, 500)];
    for (const query of [short, long]) documentCache.set(query, parse(query));
    expect(documentCache.get(long)).toBeUndefined();
    expect(documentCache.get(short)).toBeDefined();
  });
});
